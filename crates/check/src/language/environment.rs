//! What an expression may refer to at its place, and what that stands for.

use std::borrow::Cow;
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use terraform::ast::{Step, Traversal};
use terraform::evaluate::{File, Resolved, Scope, evaluate, type_constraint, weight};
use terraform::module::{FileSystem, Module, ModuleId, Target, Tree};
use terraform::schema::Kind;
use terraform::value::{ObjectType, Type, Value};

use super::marks::Marks;
use super::providers::Providers;

/// Local values that refer to each other beyond which nothing is known: a bound on the stack.
const MOST_NESTING: usize = 100;

/// Parts of a module's local values beyond which no further one is kept: a bound on memory, about 150 MB.
const MOST_PARTS: usize = 1_000_000;

/// What a module's expressions are evaluated in.
pub struct Environment<'t> {
    pub tree: &'t Tree,
    pub id: ModuleId,
    pub module: &'t Module,
    pub providers: Providers,
    /// Whether no other module calls this one.
    pub root: bool,
    locals: BTreeMap<&'t str, OnceCell<Value>>,
    /// Local values whose evaluation has begun.
    visited: RefCell<BTreeSet<String>>,
    /// How many of them are being evaluated, each for the one before.
    nesting: Cell<usize>,
    /// Parts of the values that are kept.
    parts: Cell<usize>,
    /// Values of variables that are known before a plan, because files give them.
    values: BTreeMap<String, Value>,
    /// Where functions find files.
    disk: &'t dyn FileSystem,
    files: RefCell<BTreeMap<PathBuf, File>>,
    /// What is known of marks of local values.
    pub marks: RefCell<Marks>,
}

fn locals(module: &Module) -> BTreeMap<&str, OnceCell<Value>> {
    let names = module.locals.iter().map(|local| local.attribute.name.text.as_str());
    names.map(|name| (name, OnceCell::new())).collect()
}

/// Names that exist at some places only.
#[derive(Debug, Clone, Default)]
pub struct Local {
    /// Whether there is `each`, and the type of its value.
    pub each: bool,
    /// Whether there is `count`.
    pub count: bool,
    /// Whether there is `self`.
    pub own: bool,
    /// The resource around this place: its kind, its type and the local name of its provider.
    pub resource: Option<(Kind, String, String)>,
    /// Whether this is in blocks that are made nobody knows how often: Terraform does not evaluate what stands there.
    pub unevaluated: bool,
    /// Whether Terraform looks at nothing here but what is referred to, because it does not know how many blocks come
    /// before.
    pub passed: bool,
    /// Whether Terraform takes `each` and `count` for granted, as in the arguments of a module call.
    pub instances: bool,
    /// Iterators of `dynamic` blocks around this place: name, key and value.
    pub iterators: Vec<(String, Value)>,
}

impl<'t> Environment<'t> {
    /// Of a module whose variables are unknown; `root` says whether no other module calls it, `disk` is where functions
    /// find files.
    pub fn new(tree: &'t Tree, id: ModuleId, module: &'t Module, root: bool, disk: &'t dyn FileSystem) -> Self {
        Self {
            tree,
            id,
            module,
            providers: Providers::of(module),
            root,
            locals: locals(module),
            visited: RefCell::new(BTreeSet::new()),
            nesting: Cell::new(0),
            parts: Cell::new(0),
            values: BTreeMap::new(),
            disk,
            files: RefCell::new(BTreeMap::new()),
            marks: RefCell::new(Marks::new()),
        }
    }

    /// With known values for some of its variables, as their types have them.
    #[must_use]
    pub fn with_values(self, values: BTreeMap<String, Value>) -> Self {
        Self {
            values,
            locals: locals(self.module),
            visited: RefCell::new(BTreeSet::new()),
            parts: Cell::new(0),
            ..self
        }
    }

    /// The same around another form of the module.
    #[must_use]
    pub fn with_module<'n>(&self, module: &'n Module) -> Environment<'n>
    where
        't: 'n,
    {
        Environment::new(self.tree, self.id, module, self.root, self.disk).with_values(self.values.clone())
    }

    /// The environment of a module that this one calls.
    pub fn called(&self, id: ModuleId, module: &'t Module) -> Self {
        Self::new(self.tree, id, module, false, self.disk)
    }

    /// What `path.module` stands for: the path from where Terraform is run, which is the root module's folder.
    fn folder(&self) -> Value {
        if self.root {
            return Value::String(".".to_owned());
        }
        match self.module.folder.to_str() {
            Some(folder) => Value::String(folder.to_owned()),
            None => Value::Unknown(Type::String),
        }
    }

    /// What functions find at a path.
    fn file(&self, path: &str) -> File {
        let written = Path::new(path);
        let place = if self.root && written.is_relative() {
            self.module.folder.join(written)
        } else if !self.root && !self.module.folder.as_os_str().is_empty() && written.starts_with(&self.module.folder) {
            written.to_owned()
        } else {
            // Nobody knows from where Terraform will be run; files elsewhere on this machine are nobody's business.
            return File::Unknown;
        };
        self.files
            .borrow_mut()
            .entry(place)
            .or_insert_with_key(|place| match self.disk.read(place) {
                Ok(bytes) => File::Contents(bytes),
                Err(error) if error.kind() == ErrorKind::NotFound && self.disk.is_everything() => File::Missing,
                Err(_) => File::Unknown,
            })
            .clone()
    }

    /// The type of a variable; `None` where there is no such variable.
    pub fn variable(&self, name: &str) -> Option<Type> {
        variable_type(self.module, name)
    }

    /// The value of a local value, evaluated once; `None` where there is no such value, or where it depends on itself:
    /// the cycle is reported elsewhere.
    fn local(&self, name: &str) -> Option<&Value> {
        let cell = self.locals.get(name)?;
        if let Some(known) = cell.get() {
            return Some(known);
        }
        let local = self.module.local(name)?;
        let nesting = self.nesting.get();
        if nesting >= MOST_NESTING || !self.visited.borrow_mut().insert(name.to_owned()) {
            return None;
        }
        self.nesting.set(nesting + 1);
        let scope = Here {
            environment: self,
            local: &Local::default(),
        };
        // Errors are reported where the local value stands.
        let value = evaluate(&local.attribute.value, &scope, &mut Vec::new());
        self.nesting.set(nesting);
        let parts = self.parts.get().saturating_add(weight(&value));
        if parts > MOST_PARTS {
            return Some(cell.get_or_init(Value::unknown));
        }
        self.parts.set(parts);
        Some(cell.get_or_init(|| value))
    }

    /// The outputs of a called module, whose values nobody knows before a plan.
    fn call(&self, name: &str) -> Value {
        let Some(Target::Module(target)) = self.tree.target(self.id, name) else {
            return Value::unknown();
        };
        let Some(called) = self.tree.module(*target) else {
            return Value::unknown();
        };
        let outputs: Vec<&str> = called.of_kind("output").filter_map(|output| output.label(0)).collect();
        let kinds = || outputs.iter().map(|name| ((*name).to_owned(), Type::Any));
        let Some(call) = self.module.named("module", name) else {
            return Value::unknown();
        };
        let view = call.view();
        let instance = Type::Object(ObjectType::required(kinds()));
        if view.attribute("count").is_some() {
            return Value::Unknown(Type::List(Box::new(instance)));
        }
        if view.attribute("for_each").is_some() {
            return Value::Unknown(Type::Map(Box::new(instance)));
        }
        Value::Unknown(instance)
    }
}

/// The type of a module's variable; `None` where there is no such variable.
pub fn variable_type(module: &Module, name: &str) -> Option<Type> {
    let variable = module.named("variable", name)?;
    let view = variable.view();
    let Some((_, attribute)) = view.attribute("type") else {
        return Some(Type::Any);
    };
    Some(type_constraint(&attribute.value).map_or(Type::Any, |constraint| constraint.kind))
}

/// An environment, and what is added to it at a place.
pub struct Here<'e, 't> {
    pub environment: &'e Environment<'t>,
    pub local: &'e Local,
}

impl Scope for Here<'_, '_> {
    fn reference(&self, traversal: &Traversal<'_>) -> Resolved<'_> {
        let known = |value: Value, steps: usize| Resolved::Value {
            value: Cow::Owned(value),
            steps,
        };
        let iterator = self
            .local
            .iterators
            .iter()
            .rev()
            .find(|(name, _)| name == traversal.root);
        if let Some((_, value)) = iterator {
            return Resolved::Value {
                value: Cow::Borrowed(value),
                steps: 0,
            };
        }
        let first = match traversal.steps.first() {
            Some(Step::Name(name)) => name.text.as_str(),
            _ => return Resolved::Unknown,
        };
        match traversal.root {
            "var" => match (self.environment.values.get(first), self.environment.variable(first)) {
                (Some(value), _) => Resolved::Value {
                    value: Cow::Borrowed(value),
                    steps: 1,
                },
                (None, Some(kind)) => known(Value::Unknown(without_optional(kind)), 1),
                (None, None) => Resolved::Unknown,
            },
            "local" => match self.environment.local(first) {
                Some(value) => Resolved::Value {
                    value: Cow::Borrowed(value),
                    steps: 1,
                },
                None => Resolved::Unknown,
            },
            "module" => known(self.environment.call(first), 1),
            "count" => known(Value::Unknown(Type::Number), 1),
            "each" if first == "key" => known(Value::Unknown(Type::String), 1),
            "path" if first == "module" => known(self.environment.folder(), 1),
            "path" if first == "root" && self.environment.root => known(Value::String(".".to_owned()), 1),
            "path" | "terraform" => known(Value::Unknown(Type::String), 1),
            _ => Resolved::Unknown,
        }
    }

    fn file(&self, path: &str) -> File {
        self.environment.file(path)
    }

    fn requires(&self, local_name: &str) -> bool {
        self.environment.providers.requires(local_name)
    }

    fn provider(&self, local_name: &str) -> Option<String> {
        let source = self.environment.providers.get(local_name).source;
        let short = source.strip_prefix("registry.terraform.io/").unwrap_or(&source);
        Some(short.to_owned())
    }
}

/// The type of values of a constraint: what is optional in it is there, perhaps as null.
fn without_optional(kind: Type) -> Type {
    match kind {
        Type::List(element) => Type::List(Box::new(without_optional(*element))),
        Type::Set(element) => Type::Set(Box::new(without_optional(*element))),
        Type::Map(element) => Type::Map(Box::new(without_optional(*element))),
        Type::Tuple(elements) => Type::Tuple(elements.into_iter().map(without_optional).collect()),
        Type::Object(object) => Type::Object(ObjectType::required(
            object
                .attributes
                .into_iter()
                .map(|(name, kind)| (name, without_optional(kind))),
        )),
        plain => plain,
    }
}
