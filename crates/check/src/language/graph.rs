//! What depends on what, through all modules, and whether it goes round in circles.

use std::collections::{BTreeMap, BTreeSet};

use terraform::ast::{Body, Expression, Item, Span, Step, Traversal};
use terraform::module::{Declaration, FileId, Module, ModuleId, Target, Tree};

use super::references::each_reference;
use super::rules;
use crate::sink::{Sink, Sources, finding};

/// Most module instances that are followed; a tree with more is unheard of.
const MOST: usize = 20_000;

/// A call of a module, by the path of calls that leads to it.
struct Instance<'t> {
    module: &'t Module,
    id: ModuleId,
    address: String,
    parent: Option<(usize, String)>,
    children: BTreeMap<String, usize>,
}

/// Something that depends on something, within an instance.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Thing {
    Variable(String),
    Local(String),
    Output(String),
    /// `resource`, `data` or `ephemeral`, type and name.
    Resource(String, String, String),
    /// How often a module is called, and what the call waits for.
    Call(String),
    Provider(String, String),
}

#[derive(Default)]
struct Graph {
    nodes: BTreeMap<(usize, Thing), usize>,
    places: Vec<(FileId, Span, String)>,
    edges: Vec<BTreeSet<usize>>,
}

/// Reports every circle of dependencies in the configuration that a root module makes.
pub fn check(tree: &Tree, root: ModuleId, sources: &Sources, sink: &mut Sink) {
    let instances = instances(tree, root);
    let mut graph = Graph::default();
    for (at, instance) in instances.iter().enumerate() {
        graph.declare(at, instance);
    }
    for (at, instance) in instances.iter().enumerate() {
        graph.connect(at, instance, &instances);
    }
    for circle in graph.circles() {
        let mut members: Vec<&(FileId, Span, String)> =
            circle.iter().filter_map(|node| graph.places.get(*node)).collect();
        members.sort_by_key(|(file, span, _)| (*file, span.start));
        let Some((file, span, name)) = members.first() else {
            continue;
        };
        let message = if members.len() == 1 {
            format!("{name} depends on itself")
        } else {
            let names: Vec<&str> = members.iter().map(|(_, _, name)| name.as_str()).collect();
            format!("these depend on each other in a circle: {}", names.join(", "))
        };
        let mut found = finding(sources, &rules::DEPENDENCY_CYCLE, *file, span, message);
        for (file, span, name) in members.iter().skip(1) {
            found = found.also(sources.place(*file, span), format!("{name} takes part"));
        }
        sink.push(found);
    }
}

fn instances(tree: &Tree, root: ModuleId) -> Vec<Instance<'_>> {
    let mut instances: Vec<Instance<'_>> = Vec::new();
    let Some(module) = tree.module(root) else {
        return instances;
    };
    instances.push(Instance {
        module,
        id: root,
        address: String::new(),
        parent: None,
        children: BTreeMap::new(),
    });
    let mut at = 0;
    while at < instances.len() && instances.len() < MOST {
        let (id, address) = match instances.get(at) {
            Some(instance) => (instance.id, instance.address.clone()),
            None => break,
        };
        for call in tree.calls(id) {
            if let Target::Module(target) = &call.target
                && let Some(module) = tree.module(*target)
            {
                let child = instances.len();
                instances.push(Instance {
                    module,
                    id: *target,
                    address: format!("{address}module.{}.", call.name),
                    parent: Some((at, call.name.clone())),
                    children: BTreeMap::new(),
                });
                if let Some(instance) = instances.get_mut(at) {
                    instance.children.insert(call.name.clone(), child);
                }
            }
        }
        at += 1;
    }
    instances
}

fn alias(declaration: &Declaration) -> String {
    let view = declaration.view();
    let alias = view.attribute("alias");
    alias
        .and_then(|(_, alias)| alias.value.as_string())
        .unwrap_or_default()
        .to_owned()
}

fn thing(declaration: &Declaration) -> Option<Thing> {
    let label = |index: usize| declaration.label(index).map(str::to_owned);
    let kind = declaration.block.kind.text.as_str();
    Some(match kind {
        "variable" => Thing::Variable(label(0)?),
        "output" => Thing::Output(label(0)?),
        "resource" | "data" | "ephemeral" => Thing::Resource(kind.to_owned(), label(0)?, label(1)?),
        "module" => Thing::Call(label(0)?),
        "provider" => Thing::Provider(label(0)?, alias(declaration)),
        _ => return None,
    })
}

impl Graph {
    fn add(&mut self, instance: usize, thing: Thing, file: FileId, span: &Span, name: String) {
        let node = self.places.len();
        self.nodes.entry((instance, thing)).or_insert_with(|| {
            self.places.push((file, span.clone(), name));
            self.edges.push(BTreeSet::new());
            node
        });
    }

    fn declare(&mut self, at: usize, instance: &Instance<'_>) {
        for declaration in &instance.module.declarations {
            if let Some(thing) = thing(declaration) {
                let name = match &thing {
                    Thing::Variable(name) => format!("var.{name}"),
                    Thing::Output(name) => format!("output.{name}"),
                    Thing::Resource(kind, first, second) if kind == "resource" => format!("{first}.{second}"),
                    Thing::Resource(kind, first, second) => format!("{kind}.{first}.{second}"),
                    Thing::Call(name) => format!("module.{name}"),
                    Thing::Provider(name, _) => format!("provider {name}"),
                    Thing::Local(name) => format!("local.{name}"),
                };
                let name = format!("{}{name}", instance.address);
                self.add(at, thing, declaration.file, &declaration.block.header, name);
            }
        }
        for local in &instance.module.locals {
            let name = &local.attribute.name;
            let title = format!("{}local.{}", instance.address, name.text);
            self.add(at, Thing::Local(name.text.clone()), local.file, &name.span, title);
        }
    }

    fn edge(&mut self, from: usize, instance: usize, to: Thing) {
        if let Some(to) = self.nodes.get(&(instance, to)).copied()
            && let Some(edges) = self.edges.get_mut(from)
        {
            edges.insert(to);
        }
    }

    fn connect(&mut self, at: usize, instance: &Instance<'_>, all: &[Instance<'_>]) {
        for local in &instance.module.locals {
            if let Some(from) = self
                .nodes
                .get(&(at, Thing::Local(local.attribute.name.text.clone())))
                .copied()
            {
                self.expression(from, at, &local.attribute.value, all, None);
            }
        }
        for declaration in &instance.module.declarations {
            let Some(thing) = thing(declaration) else { continue };
            let Some(from) = self.nodes.get(&(at, thing.clone())).copied() else {
                continue;
            };
            match &thing {
                // A variable's own validation refers to it; its value comes from the call. Whatever uses the variable
                // waits for its validation as well.
                Thing::Variable(name) => {
                    for (_, rule) in declaration.view().blocks_of("validation") {
                        self.body(from, at, &rule.body, all, Some(from));
                    }
                    if let Some((parent, call)) = &instance.parent {
                        self.edge(from, *parent, Thing::Call(call.clone()));
                        self.passed(from, *parent, call, name, all);
                    }
                }
                Thing::Call(_) => {
                    let view = declaration.view();
                    for argument in ["count", "for_each", "depends_on"] {
                        if let Some((_, attribute)) = view.attribute(argument) {
                            self.expression(from, at, &attribute.value, all, None);
                        }
                    }
                    self.enclosing(from, instance);
                }
                _ => {
                    // A resource may look at itself in conditions and provisioners; elsewhere that has a rule of its own.
                    let own = matches!(thing, Thing::Resource(..)).then_some(from);
                    self.body(from, at, &declaration.block.body, all, own);
                    for (_, block) in &declaration.overrides {
                        self.body(from, at, &block.body, all, own);
                    }
                    self.enclosing(from, instance);
                    self.provider(from, at, declaration, &thing);
                }
            }
        }
    }

    /// What stands in a module waits for what its call waits for.
    fn enclosing(&mut self, from: usize, instance: &Instance<'_>) {
        if let Some((parent, call)) = &instance.parent {
            self.edge(from, *parent, Thing::Call(call.clone()));
        }
    }

    fn passed(&mut self, from: usize, parent: usize, call: &str, name: &str, all: &[Instance<'_>]) {
        let declaration = all
            .get(parent)
            .and_then(|instance| instance.module.named("module", call));
        let Some(declaration) = declaration else { return };
        if let Some((_, attribute)) = declaration.view().attribute(name) {
            self.expression(from, parent, &attribute.value, all, None);
        }
    }

    fn provider(&mut self, from: usize, at: usize, declaration: &Declaration, thing: &Thing) {
        let Thing::Resource(_, kind, _) = thing else { return };
        let view = declaration.view();
        let named = view.attribute("provider").and_then(|(_, attribute)| {
            let traversal = attribute.value.as_traversal()?;
            let alias = match traversal.steps.first() {
                Some(Step::Name(name)) => name.text.clone(),
                _ => String::new(),
            };
            Some((traversal.root.to_owned(), alias))
        });
        let (name, alias) = named.unwrap_or_else(|| (super::providers::implied(kind).to_owned(), String::new()));
        self.edge(from, at, Thing::Provider(name, alias));
    }

    fn body(&mut self, from: usize, at: usize, body: &Body, all: &[Instance<'_>], own: Option<usize>) {
        for item in &body.items {
            match item {
                Item::Attribute(attribute) if attribute.name.text == "provider" => {}
                Item::Attribute(attribute) => self.expression(from, at, &attribute.value, all, own),
                Item::Block(block) => self.body(from, at, &block.body, all, own),
            }
        }
    }

    fn expression(
        &mut self,
        from: usize,
        at: usize,
        expression: &Expression,
        all: &[Instance<'_>],
        own: Option<usize>,
    ) {
        let mut found = Vec::new();
        each_reference(expression, &mut Vec::new(), &mut |traversal, _| {
            found.push(target(traversal));
        });
        for target in found.into_iter().flatten() {
            match target {
                Reference::Thing(thing) => {
                    let to = self.nodes.get(&(at, thing.clone())).copied();
                    if to.is_some() && to == own {
                        continue;
                    }
                    self.edge(from, at, thing);
                }
                Reference::Module(call, output) => {
                    self.edge(from, at, Thing::Call(call.clone()));
                    let child = all.get(at).and_then(|instance| instance.children.get(&call)).copied();
                    let Some(child) = child else { continue };
                    match output {
                        Some(output) => self.edge(from, child, Thing::Output(output)),
                        None => {
                            let outputs: Vec<String> = all.get(child).map_or(Vec::new(), |child| {
                                let outputs = child.module.of_kind("output");
                                outputs
                                    .filter_map(|output| output.label(0).map(str::to_owned))
                                    .collect()
                            });
                            for output in outputs {
                                self.edge(from, child, Thing::Output(output));
                            }
                        }
                    }
                }
            }
        }
    }

    /// Groups of nodes that can all be reached from each other, by Tarjan's method without recursion.
    fn circles(&self) -> Vec<Vec<usize>> {
        let count = self.edges.len();
        let edges: Vec<Vec<usize>> = self.edges.iter().map(|edges| edges.iter().copied().collect()).collect();
        let unseen = usize::MAX;
        let mut order = vec![unseen; count];
        let mut low = vec![unseen; count];
        let mut waiting = vec![false; count];
        let mut stack = Vec::new();
        let mut next = 0;
        let mut circles = Vec::new();
        for start in 0..count {
            if order[start] != unseen {
                continue;
            }
            let mut work = vec![(start, 0)];
            while let Some((node, edge)) = work.pop() {
                if edge == 0 {
                    order[node] = next;
                    low[node] = next;
                    next += 1;
                    stack.push(node);
                    waiting[node] = true;
                }
                if let Some(to) = edges[node].get(edge).copied() {
                    work.push((node, edge + 1));
                    if order[to] == unseen {
                        work.push((to, 0));
                    } else if waiting[to] {
                        low[node] = low[node].min(order[to]);
                    }
                    continue;
                }
                if let Some((parent, _)) = work.last() {
                    low[*parent] = low[*parent].min(low[node]);
                }
                if low[node] == order[node] {
                    let mut circle = Vec::new();
                    while let Some(member) = stack.pop() {
                        waiting[member] = false;
                        circle.push(member);
                        if member == node {
                            break;
                        }
                    }
                    if circle.len() > 1 || edges[node].contains(&node) {
                        circles.push(circle);
                    }
                }
            }
        }
        circles
    }
}

enum Reference {
    Thing(Thing),
    Module(String, Option<String>),
}

fn target(traversal: &Traversal<'_>) -> Option<Reference> {
    let names: Vec<&str> = traversal
        .steps
        .iter()
        .filter_map(|step| match step {
            Step::Name(name) => Some(name.text.as_str()),
            Step::Key(..) => None,
        })
        .collect();
    let name = |index: usize| names.get(index).map(|name| (*name).to_owned());
    Some(match traversal.root {
        "var" => Reference::Thing(Thing::Variable(name(0)?)),
        "local" => Reference::Thing(Thing::Local(name(0)?)),
        "module" => Reference::Module(name(0)?, name(1)),
        "each" | "count" | "path" | "terraform" | "self" => return None,
        kind @ ("data" | "ephemeral" | "resource") => {
            Reference::Thing(Thing::Resource(kind.to_owned(), name(0)?, name(1)?))
        }
        kind => Reference::Thing(Thing::Resource("resource".to_owned(), kind.to_owned(), name(0)?)),
    })
}
