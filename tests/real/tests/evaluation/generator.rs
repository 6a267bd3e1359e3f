//! Expressions by chance: sensible ones often enough that both verdicts are common.

use terraform::evaluate::{Function, Parameter, functions};
use terraform::value::Type;

/// Which values an expression may refer to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Knowledge {
    /// Only values that are known.
    Known,
    /// Variables and resources too.
    Unknown,
}

/// Functions left out: what they compute is not known here, differs from run to run, or depends on files.
const LEFT_OUT: [&str; 33] = [
    "abspath",
    "base64gzip",
    "bcrypt",
    "ephemeralasnull",
    "file",
    "filebase64",
    "filebase64sha256",
    "filebase64sha512",
    "fileexists",
    "filemd5",
    "fileset",
    "filesha1",
    "filesha256",
    "filesha512",
    "formatdate",
    "issensitive",
    "md5",
    "pathexpand",
    "plantimestamp",
    "rsadecrypt",
    "sensitive",
    "sha1",
    "templatefile",
    "templatestring",
    "textdecodebase64",
    "textencodebase64",
    "timeadd",
    "timecmp",
    "timestamp",
    "uuid",
    "uuidv5",
    "yamldecode",
    "yamlencode",
];

const LITERALS: [&str; 31] = [
    "1",
    "0",
    "2",
    "-1",
    "1.5",
    "\"a\"",
    "\"1\"",
    "\"\"",
    "\"a,b\"",
    "true",
    "false",
    "\"true\"",
    "null",
    "[]",
    "{}",
    "[\"a\", \"b\"]",
    "[1, 2]",
    "[\"a\", 1]",
    "[null]",
    "{ a = 1 }",
    "{ a = 1, b = \"x\" }",
    "[[\"a\"], [\"b\"]]",
    "[{ a = 1 }, { a = 2 }]",
    "tolist([\"a\", \"b\"])",
    "toset([\"a\", \"b\"])",
    "tomap({ a = 1 })",
    "tolist([])",
    "\"10.0.0.0/16\"",
    "\"%s\"",
    "\"[a-z]\"",
    "\"{}\"",
];

const LOCALS: [&str; 12] = [
    "local.nothing",
    "local.empty_list",
    "local.empty_map",
    "local.words",
    "local.mixed",
    "local.person",
    "local.people",
    "local.typed_list",
    "local.typed_set",
    "local.typed_map",
    "local.nested",
    "local.text",
];

const VARIABLES: [&str; 17] = [
    "var.any",
    "var.string",
    "var.number",
    "var.bool",
    "var.list",
    "var.numbers",
    "var.list_of_any",
    "var.set",
    "var.map",
    "var.map_of_any",
    "var.map_of_lists",
    "var.tuple",
    "var.object",
    "var.objects",
    "var.object_map",
    "terraform_data.one.output",
    "terraform_data.one.id",
];

const LOOK_UPS: [&str; 14] = [
    ".a",
    ".name",
    ".b",
    "[0]",
    "[\"a\"]",
    "[1]",
    ".x",
    "[*]",
    "[*].a",
    "[*].name",
    ".*.name",
    "[\"name\"]",
    "[-1]",
    "[\"0\"]",
];

const OPERATORS: [&str; 11] = ["+", "-", "*", "/", "%", "==", "!=", "<", ">=", "&&", "||"];

/// The generator.
pub struct Generator {
    state: u64,
    knowledge: Knowledge,
    functions: Vec<&'static Function>,
}

impl Generator {
    pub fn new(seed: u64, knowledge: Knowledge) -> Self {
        let functions = functions()
            .values()
            .filter(|function| !function.name.contains("::") && !LEFT_OUT.contains(&function.name.as_str()))
            .collect();
        Self {
            state: seed,
            knowledge,
            functions,
        }
    }

    /// So many expressions.
    pub fn take(&mut self, count: usize) -> Vec<String> {
        let mut expressions = Vec::with_capacity(count);
        while expressions.len() < count {
            let depth = self.below(3) + 1;
            let expression = self.expression(depth, false);
            if expression.len() < 400 {
                expressions.push(expression);
            }
        }
        expressions
    }

    /// The next of a sequence of numbers without a pattern that matters here (SplitMix64).
    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound as u64).unwrap()
    }

    fn one_of(&mut self, choices: &[&str]) -> String {
        let index = self.below(choices.len());
        choices[index].to_owned()
    }

    fn variable_or(&mut self, variable: &str, otherwise: &str) -> String {
        match self.knowledge {
            Knowledge::Known => otherwise.to_owned(),
            Knowledge::Unknown => variable.to_owned(),
        }
    }

    /// A literal or a reference; inside a `for` also its variables.
    fn atom(&mut self, inside: bool) -> String {
        let pools = if self.knowledge == Knowledge::Known { 3 } else { 5 };
        match self.below(if inside { pools + 2 } else { pools }) {
            0 | 1 => self.one_of(&LITERALS),
            2 => self.one_of(&LOCALS),
            choice if choice < pools => self.one_of(&VARIABLES),
            _ => self.one_of(&["k", "v"]),
        }
    }

    fn expression(&mut self, depth: usize, inside: bool) -> String {
        if depth == 0 || self.below(100) < 15 {
            return self.atom(inside);
        }
        let depth = depth - 1;
        match self.below(100) {
            0..40 => self.call(depth, inside),
            40..52 => {
                let look_up = self.one_of(&LOOK_UPS);
                format!("({}){look_up}", self.expression(depth, inside))
            }
            52..64 => {
                let operator = self.one_of(&OPERATORS);
                let left = self.expression(depth, inside);
                format!("({left} {operator} {})", self.expression(depth, inside))
            }
            64..76 => {
                let condition = match self.below(4) {
                    0 => "true".to_owned(),
                    1 => "false".to_owned(),
                    2 => self.variable_or("var.bool", "true"),
                    _ => self.expression(depth, inside),
                };
                let then = self.expression(depth, inside);
                format!("({condition} ? {then} : {})", self.expression(depth, inside))
            }
            76..82 => {
                let elements: Vec<String> = (0..self.below(3)).map(|_| self.expression(depth, inside)).collect();
                format!("[{}]", elements.join(", "))
            }
            82..87 => {
                let items: Vec<String> = (0..self.below(3))
                    .map(|_| {
                        let key = match self.below(4) {
                            0 => "a".to_owned(),
                            1 => "b".to_owned(),
                            2 => "\"c d\"".to_owned(),
                            _ => format!("({})", self.expression(depth, inside)),
                        };
                        format!("{key} = {}", self.expression(depth, inside))
                    })
                    .collect();
                format!("{{ {} }}", items.join(", "))
            }
            87..91 => format!("\"x${{{}}}y\"", self.expression(depth, inside)),
            91..95 => {
                let collection = self.expression(depth, inside);
                let value = self.expression(depth, true);
                let condition = self.condition(depth);
                format!("[for k, v in {collection} : {value}{condition}]")
            }
            95..98 => {
                let collection = self.expression(depth, inside);
                let key = match self.below(3) {
                    0 => "k".to_owned(),
                    1 => "v".to_owned(),
                    _ => self.expression(depth, true),
                };
                let value = self.expression(depth, true);
                let group = self.one_of(&["", "..."]);
                format!("{{ for k, v in {collection} : {key} => {value}{group} }}")
            }
            _ => {
                let operator = self.one_of(&["!", "-"]);
                format!("{operator}({})", self.expression(depth, inside))
            }
        }
    }

    fn condition(&mut self, depth: usize) -> String {
        if self.below(2) == 0 {
            String::new()
        } else {
            format!(" if {}", self.expression(depth, true))
        }
    }

    fn call(&mut self, depth: usize, inside: bool) -> String {
        let index = self.below(self.functions.len());
        let function = self.functions[index];
        let mut arguments: Vec<String> = function
            .parameters
            .iter()
            .map(|parameter| self.argument(parameter, depth, inside))
            .collect();
        if let Some(variadic) = &function.variadic {
            for _ in 0..self.below(3) {
                arguments.push(self.argument(variadic, depth, inside));
            }
        }
        if self.below(100) < 3 {
            arguments.push(self.expression(depth, inside));
        }
        let expand = if !arguments.is_empty() && self.below(100) < 4 {
            "..."
        } else {
            ""
        };
        format!("{}({}{expand})", function.name, arguments.join(", "))
    }

    /// An argument that usually fits its parameter.
    fn argument(&mut self, parameter: &Parameter, depth: usize, inside: bool) -> String {
        if self.below(100) < 35 {
            return self.expression(depth, inside);
        }
        match &parameter.kind {
            Type::String => {
                let other = self.variable_or("var.string", "\"b\"");
                self.one_of(&[
                    "\"a\"",
                    "\"a,b\"",
                    "\"10.0.0.0/16\"",
                    "\"1\"",
                    "\"%s\"",
                    "local.text",
                    &other,
                ])
            }
            Type::Number => {
                let other = self.variable_or("var.number", "3");
                self.one_of(&["0", "1", "2", "10", &other])
            }
            Type::List(_) | Type::Set(_) => {
                let other = self.variable_or("var.list", "[\"b\", \"c\"]");
                self.one_of(&[
                    "local.words",
                    "local.typed_list",
                    "local.typed_set",
                    "[1, 2]",
                    "[\"a\"]",
                    "[]",
                    &other,
                ])
            }
            Type::Any => self.atom(inside),
            _ => self.expression(depth, inside),
        }
    }
}
