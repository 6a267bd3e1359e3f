//! The blocks that Terraform's language itself fixes: their labels, arguments and nested blocks.
//!
//! Source: <https://developer.hashicorp.com/terraform/language>, as Terraform 1.11 has it.

/// What a block may hold.
#[derive(Debug)]
pub struct Shape {
    /// What its labels are for; as many as it must have.
    pub labels: &'static [&'static str],
    /// Its arguments, and whether each must be there.
    pub arguments: &'static [Argument],
    /// Blocks inside it.
    pub blocks: &'static [Nested],
    /// Whether whatever else stands in it is for somebody else to judge: a provider, a module, a backend.
    pub open: bool,
}

/// An argument that the language gives a meaning.
#[derive(Debug)]
pub struct Argument {
    /// Its name.
    pub name: &'static str,
    /// Whether it must be there.
    pub required: bool,
    /// What may stand there.
    pub value: Expected,
}

/// What may stand as a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// Any expression.
    Expression,
    /// A string without references.
    ConstantString,
    /// `true` or `false`, without references.
    ConstantBool,
    /// Something that is read without evaluating it: a type, references, a provider.
    Static,
}

/// A nested block that the language gives a meaning.
#[derive(Debug)]
pub struct Nested {
    /// Its type.
    pub name: &'static str,
    /// Whether there may be several.
    pub many: bool,
    /// What it may hold.
    pub shape: &'static Shape,
}

const fn argument(name: &'static str, value: Expected) -> Argument {
    Argument {
        name,
        required: false,
        value,
    }
}

const fn required(name: &'static str, value: Expected) -> Argument {
    Argument {
        name,
        required: true,
        value,
    }
}

const fn one(name: &'static str, shape: &'static Shape) -> Nested {
    Nested {
        name,
        many: false,
        shape,
    }
}

const fn many(name: &'static str, shape: &'static Shape) -> Nested {
    Nested {
        name,
        many: true,
        shape,
    }
}

use Expected::{ConstantBool, ConstantString, Expression, Static};

const NOTHING: Shape = Shape {
    labels: &[],
    arguments: &[],
    blocks: &[],
    open: false,
};

const OPEN: Shape = Shape { open: true, ..NOTHING };

static CONDITION: Shape = Shape {
    arguments: &[required("condition", Expression), required("error_message", Expression)],
    ..NOTHING
};

static ANYTHING: Shape = OPEN;

static BACKEND: Shape = Shape {
    labels: &["type"],
    ..OPEN
};

static PROVISIONER: Shape = Shape {
    labels: &["type"],
    arguments: &[argument("when", Static), argument("on_failure", Static)],
    blocks: &[one("connection", &ANYTHING)],
    open: true,
};

static LIFECYCLE: Shape = Shape {
    arguments: &[
        argument("create_before_destroy", ConstantBool),
        argument("prevent_destroy", ConstantBool),
        argument("ignore_changes", Static),
        argument("replace_triggered_by", Static),
    ],
    blocks: &[many("precondition", &CONDITION), many("postcondition", &CONDITION)],
    ..NOTHING
};

static DATA_LIFECYCLE: Shape = Shape {
    blocks: &[many("precondition", &CONDITION), many("postcondition", &CONDITION)],
    ..NOTHING
};

const META: &[Argument] = &[
    argument("count", Expression),
    argument("for_each", Expression),
    argument("provider", Static),
    argument("depends_on", Static),
];

static TERRAFORM: Shape = Shape {
    arguments: &[
        argument("required_version", ConstantString),
        argument("experiments", Static),
        argument("language", Static),
    ],
    blocks: &[
        one("backend", &BACKEND),
        one("cloud", &ANYTHING),
        many("required_providers", &ANYTHING),
        many("provider_meta", &BACKEND),
    ],
    ..NOTHING
};

static VARIABLE: Shape = Shape {
    labels: &["name"],
    arguments: &[
        argument("description", ConstantString),
        argument("default", Expression),
        argument("type", Static),
        argument("sensitive", ConstantBool),
        argument("ephemeral", ConstantBool),
        argument("nullable", ConstantBool),
    ],
    blocks: &[many("validation", &CONDITION)],
    open: false,
};

static OUTPUT: Shape = Shape {
    labels: &["name"],
    arguments: &[
        argument("description", ConstantString),
        required("value", Expression),
        argument("depends_on", Static),
        argument("sensitive", ConstantBool),
        argument("ephemeral", ConstantBool),
    ],
    blocks: &[many("precondition", &CONDITION)],
    open: false,
};

static PROVIDER: Shape = Shape {
    labels: &["name"],
    arguments: &[argument("version", ConstantString), argument("alias", ConstantString)],
    blocks: &[],
    open: true,
};

static RESOURCE: Shape = Shape {
    labels: &["type", "name"],
    arguments: META,
    blocks: &[
        one("lifecycle", &LIFECYCLE),
        one("connection", &ANYTHING),
        many("provisioner", &PROVISIONER),
    ],
    open: true,
};

static DATA: Shape = Shape {
    labels: &["type", "name"],
    arguments: META,
    blocks: &[one("lifecycle", &DATA_LIFECYCLE)],
    open: true,
};

static MODULE: Shape = Shape {
    labels: &["name"],
    arguments: &[
        required("source", ConstantString),
        argument("version", ConstantString),
        argument("count", Expression),
        argument("for_each", Expression),
        argument("depends_on", Static),
        argument("providers", Static),
    ],
    blocks: &[],
    open: true,
};

static MOVED: Shape = Shape {
    arguments: &[required("from", Static), required("to", Static)],
    ..NOTHING
};

static IMPORT: Shape = Shape {
    arguments: &[
        required("to", Static),
        required("id", Expression),
        argument("provider", Static),
        argument("for_each", Expression),
    ],
    ..NOTHING
};

static REMOVED_LIFECYCLE: Shape = Shape {
    arguments: &[argument("destroy", ConstantBool)],
    ..NOTHING
};

static REMOVED: Shape = Shape {
    arguments: &[required("from", Static)],
    blocks: &[
        one("lifecycle", &REMOVED_LIFECYCLE),
        many("provisioner", &PROVISIONER),
        one("connection", &ANYTHING),
    ],
    ..NOTHING
};

static CHECK: Shape = Shape {
    labels: &["name"],
    blocks: &[one("data", &DATA), many("assert", &CONDITION)],
    ..NOTHING
};

/// The blocks at the top of a configuration file.
pub static CONFIG: Shape = Shape {
    blocks: &[
        many("terraform", &TERRAFORM),
        many("required_providers", &ANYTHING),
        many("provider", &PROVIDER),
        many("variable", &VARIABLE),
        many("locals", &ANYTHING),
        many("output", &OUTPUT),
        many("module", &MODULE),
        many("resource", &RESOURCE),
        many("data", &DATA),
        many("ephemeral", &DATA),
        many("moved", &MOVED),
        many("import", &IMPORT),
        many("check", &CHECK),
        many("removed", &REMOVED),
    ],
    ..NOTHING
};

static OVERRIDE: Shape = Shape {
    arguments: &[
        required("target", Static),
        argument("values", Expression),
        argument("override_during", Static),
    ],
    ..NOTHING
};

static OVERRIDE_MODULE: Shape = Shape {
    arguments: &[
        required("target", Static),
        argument("outputs", Expression),
        argument("override_during", Static),
    ],
    ..NOTHING
};

static MOCK: Shape = Shape {
    labels: &["type"],
    arguments: &[argument("defaults", Expression), argument("override_during", Static)],
    ..NOTHING
};

static MOCK_PROVIDER: Shape = Shape {
    labels: &["name"],
    arguments: &[
        argument("alias", ConstantString),
        argument("source", ConstantString),
        argument("override_during", Static),
    ],
    blocks: &[
        many("mock_resource", &MOCK),
        many("mock_data", &MOCK),
        many("override_resource", &OVERRIDE),
        many("override_data", &OVERRIDE),
    ],
    open: false,
};

static PLAN_OPTIONS: Shape = Shape {
    arguments: &[
        argument("mode", Static),
        argument("refresh", ConstantBool),
        argument("replace", Static),
        argument("target", Static),
    ],
    ..NOTHING
};

static RUN_MODULE: Shape = Shape {
    arguments: &[required("source", ConstantString), argument("version", ConstantString)],
    ..NOTHING
};

static RUN: Shape = Shape {
    labels: &["name"],
    arguments: &[
        argument("command", Static),
        argument("providers", Static),
        argument("expect_failures", Static),
        argument("state_key", ConstantString),
        argument("parallel", ConstantBool),
    ],
    blocks: &[
        one("plan_options", &PLAN_OPTIONS),
        many("assert", &CONDITION),
        one("variables", &ANYTHING),
        one("module", &RUN_MODULE),
        many("override_resource", &OVERRIDE),
        many("override_data", &OVERRIDE),
        many("override_module", &OVERRIDE_MODULE),
    ],
    open: false,
};

static TEST_SETTINGS: Shape = Shape {
    arguments: &[argument("parallel", ConstantBool)],
    ..NOTHING
};

/// The blocks at the top of a file of tests.
pub static TESTS: Shape = Shape {
    blocks: &[
        one("test", &TEST_SETTINGS),
        many("run", &RUN),
        one("variables", &ANYTHING),
        many("provider", &PROVIDER),
        many("mock_provider", &MOCK_PROVIDER),
        many("override_resource", &OVERRIDE),
        many("override_data", &OVERRIDE),
        many("override_module", &OVERRIDE_MODULE),
    ],
    ..NOTHING
};

/// The shape of a block at the top of a configuration file.
pub fn of(kind: &str) -> Option<&'static Shape> {
    CONFIG
        .blocks
        .iter()
        .find(|nested| nested.name == kind)
        .map(|nested| nested.shape)
}

impl Shape {
    /// The argument of this name.
    pub fn argument(&self, name: &str) -> Option<&'static Argument> {
        self.arguments.iter().find(|argument| argument.name == name)
    }

    /// The nested block of this type.
    pub fn block(&self, name: &str) -> Option<&'static Nested> {
        self.blocks.iter().find(|nested| nested.name == name)
    }
}
