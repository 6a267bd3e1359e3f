//! Which properties the language itself makes blocks, and how it reads the strings of the others.
//!
//! Source: the schemas of bodies in Terraform 1.11 (`internal/configs`).

use Mode::{Literal, Native, Requirement, Template};

/// How the strings in a value are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// As templates.
    Template,
    /// As they are.
    Literal,
    /// As expressions in the native syntax: references, types, keywords.
    Native,
    /// A required provider: as they are, but for `configuration_aliases`.
    Requirement,
}

/// What a body consists of.
#[derive(Debug)]
pub(super) struct Shape {
    /// Properties that are blocks.
    pub(super) blocks: &'static [Nested],
    /// How the strings of certain arguments are read.
    modes: &'static [(&'static str, Mode)],
    /// How those of all others are read.
    rest: Mode,
    /// Whether a schema can make blocks of the other properties.
    pub(super) is_open: bool,
}

/// A type of block.
#[derive(Debug)]
pub(super) struct Nested {
    pub(super) kind: &'static str,
    pub(super) labels: usize,
    pub(super) shape: &'static Shape,
}

impl Shape {
    pub(super) fn block(&self, name: &str) -> Option<&'static Nested> {
        self.blocks.iter().find(|nested| nested.kind == name)
    }

    pub(super) fn mode(&self, name: &str) -> Mode {
        let special = self.modes.iter().find(|(argument, _)| *argument == name);
        special.map_or(self.rest, |(_, mode)| *mode)
    }
}

const fn nested(kind: &'static str, labels: usize, shape: &'static Shape) -> Nested {
    Nested { kind, labels, shape }
}

const fn shape(blocks: &'static [Nested], modes: &'static [(&'static str, Mode)], rest: Mode) -> Shape {
    Shape {
        blocks,
        modes,
        rest,
        is_open: false,
    }
}

const fn open(blocks: &'static [Nested], modes: &'static [(&'static str, Mode)]) -> Shape {
    Shape {
        blocks,
        modes,
        rest: Template,
        is_open: true,
    }
}

/// A configuration or test file.
pub(super) static ROOT: Shape = shape(
    &[
        nested("terraform", 0, &TERRAFORM),
        nested("provider", 1, &PROVIDER),
        nested("resource", 2, &RESOURCE),
        nested("data", 2, &RESOURCE),
        nested("ephemeral", 2, &RESOURCE),
        nested("module", 1, &MODULE),
        nested("variable", 1, &VARIABLE),
        nested("output", 1, &OUTPUT),
        nested("locals", 0, &VALUES),
        nested("moved", 0, &MOVED),
        nested("import", 0, &IMPORT),
        nested("removed", 0, &REMOVED),
        nested("check", 1, &CHECK),
        nested("run", 1, &RUN),
        nested("variables", 0, &VALUES),
        nested("mock_provider", 1, &MOCK),
        nested("override_resource", 0, &OVERRIDE),
        nested("override_data", 0, &OVERRIDE),
        nested("override_module", 0, &OVERRIDE),
    ],
    &[],
    Template,
);

/// Arguments with plain text.
pub(super) static PLAIN: Shape = shape(&[], &[], Literal);

static VALUES: Shape = shape(&[], &[], Template);

static TERRAFORM: Shape = shape(
    &[
        nested("required_providers", 0, &REQUIREMENTS),
        nested("backend", 1, &BACKEND),
        nested("cloud", 0, &CLOUD),
        nested("provider_meta", 1, &CONTENT),
    ],
    &[("experiments", Native), ("language", Native)],
    Literal,
);

static REQUIREMENTS: Shape = shape(&[], &[], Requirement);

static BACKEND: Shape = Shape {
    blocks: &[],
    modes: &[],
    rest: Literal,
    is_open: true,
};

static CLOUD: Shape = shape(&[nested("workspaces", 0, &PLAIN)], &[], Literal);

static PROVIDER: Shape = open(
    &[nested("dynamic", 1, &DYNAMIC), nested("_", 0, &CONTENT)],
    &[("alias", Literal), ("version", Literal)],
);

static RESOURCE: Shape = open(
    &[
        nested("lifecycle", 0, &LIFECYCLE),
        nested("provisioner", 1, &PROVISIONER),
        nested("connection", 0, &CONNECTION),
        nested("dynamic", 1, &DYNAMIC),
        nested("_", 0, &CONTENT),
    ],
    &[("depends_on", Native), ("provider", Native)],
);

static LIFECYCLE: Shape = shape(
    &[nested("precondition", 0, &VALUES), nested("postcondition", 0, &VALUES)],
    &[("ignore_changes", Native), ("replace_triggered_by", Native)],
    Template,
);

static PROVISIONER: Shape = open(
    &[nested("connection", 0, &CONNECTION), nested("_", 0, &CONTENT)],
    &[("when", Native), ("on_failure", Native)],
);

static CONNECTION: Shape = open(&[nested("_", 0, &CONTENT)], &[]);

static DYNAMIC: Shape = shape(&[nested("content", 0, &CONTENT)], &[("iterator", Native)], Template);

static CONTENT: Shape = open(&[nested("dynamic", 1, &DYNAMIC)], &[]);

static MODULE: Shape = open(
    &[nested("_", 0, &CONTENT)],
    &[
        ("source", Literal),
        ("version", Literal),
        ("providers", Native),
        ("depends_on", Native),
    ],
);

static VARIABLE: Shape = shape(&[nested("validation", 0, &VALUES)], &[("type", Native)], Literal);

static OUTPUT: Shape = shape(
    &[nested("precondition", 0, &VALUES)],
    &[("description", Literal), ("depends_on", Native)],
    Template,
);

static MOVED: Shape = shape(&[], &[], Native);

static IMPORT: Shape = shape(&[], &[("to", Native), ("provider", Native)], Template);

static REMOVED: Shape = shape(
    &[
        nested("lifecycle", 0, &VALUES),
        nested("provisioner", 1, &PROVISIONER),
        nested("connection", 0, &CONNECTION),
    ],
    &[("from", Native)],
    Template,
);

static CHECK: Shape = shape(
    &[nested("data", 2, &RESOURCE), nested("assert", 0, &VALUES)],
    &[],
    Template,
);

static RUN: Shape = shape(
    &[
        nested("variables", 0, &VALUES),
        nested("assert", 0, &VALUES),
        nested("module", 0, &PLAIN),
        nested("plan_options", 0, &PLAN_OPTIONS),
        nested("override_resource", 0, &OVERRIDE),
        nested("override_data", 0, &OVERRIDE),
        nested("override_module", 0, &OVERRIDE),
    ],
    &[("command", Native), ("providers", Native), ("expect_failures", Native)],
    Template,
);

static PLAN_OPTIONS: Shape = shape(&[], &[], Native);

static MOCK: Shape = shape(
    &[
        nested("mock_resource", 1, &OVERRIDE),
        nested("mock_data", 1, &OVERRIDE),
        nested("override_resource", 0, &OVERRIDE),
        nested("override_data", 0, &OVERRIDE),
    ],
    &[("override_during", Native)],
    Literal,
);

static OVERRIDE: Shape = shape(&[], &[("target", Native), ("override_during", Native)], Template);
