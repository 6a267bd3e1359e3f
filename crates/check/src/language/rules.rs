//! The rules of the language family: what `terraform validate` decides by the language and the provider's schema.
//!
//! One walk over a module finds what these rules report; their pages stand in `pages/`.

use findings::{Confidence, Family, Rule, Severity};

macro_rules! rules {
    ($($name:ident $id:literal $severity:ident $summary:literal)*) => {
        $(
            #[doc = $summary]
            pub static $name: Rule = Rule {
                id: $id,
                family: Family::Language,
                severity: Severity::$severity,
                confidence: Confidence::High,
                summary: $summary,
                page: include_str!(concat!("pages/", $id, ".md")),
            };
        )*

        /// All rules of the family, in the order of their ids.
        pub static ALL: &[&Rule] = &[$(&$name),*];
    };
}

rules! {
    BLOCK_COUNT "block-count" Error "Too few or too many blocks of one type."
    BLOCK_LABELS "block-labels" Error "A block with too few or too many labels."
    CONSTANT_REQUIRED "constant-required" Error "A reference or function where only a plain value can stand."
    DEPENDENCY_CYCLE "dependency-cycle" Error "Things that depend on each other in a circle."
    DUPLICATE_DECLARATION "duplicate-declaration" Error "Something that is declared twice in a module."
    FUNCTION_ARGUMENTS "function-arguments" Error "Arguments that a function does not take."
    INSTANCE_KEY "instance-key" Error "A resource with several instances without a choice, or a choice where there is one."
    INVALID_EXPRESSION "invalid-expression" Error "An expression that has no value."
    INVALID_NAME "invalid-name" Error "A name that Terraform does not take."
    INVALID_OVERRIDE "invalid-override" Error "A block in an override file that overrides nothing."
    INVALID_REFERENCE "invalid-reference" Error "A reference that is not complete, or to something that Terraform does not have."
    META_ARGUMENT "meta-argument" Error "A wrong `count`, `for_each`, `depends_on`, `provider` or `lifecycle`."
    MISSING_ARGUMENT "missing-argument" Error "An argument that must be set, and is not."
    MODULE_SOURCE "module-source" Error "A module call that leads nowhere."
    PROVIDER_CONFIGURATION "provider-configuration" Error "A provider configuration that does not exist."
    READ_ONLY_ARGUMENT "read-only-argument" Error "An argument that the provider decides."
    REFERENCE_SCOPE "reference-scope" Error "`each`, `count` or `self` where it does not exist."
    SELF_REFERENCE "self-reference" Warning "A resource that refers to itself, which `terraform plan` refuses."
    STATE_CHANGE "state-change" Error "A `moved`, `removed` or `import` block that cannot be carried out."
    SYNTAX_ERROR "syntax-error" Error "A file that cannot be read, or is not valid syntax."
    TEST_FILE "test-file" Error "A file of tests that Terraform does not take."
    TYPE_CONSTRAINT "type-constraint" Error "A type that Terraform does not have."
    TYPE_MISMATCH "type-mismatch" Error "A value of another type than wanted."
    UNDECLARED_REFERENCE "undeclared-reference" Error "A reference to something that the module does not declare."
    UNKNOWN_ARGUMENT "unknown-argument" Error "An argument that a block does not have."
    UNKNOWN_ATTRIBUTE "unknown-attribute" Error "An attribute that a value does not have."
    UNKNOWN_BLOCK "unknown-block" Error "A block that does not exist at its place."
    UNKNOWN_FUNCTION "unknown-function" Error "A function that does not exist."
    UNKNOWN_TYPE "unknown-type" Error "A resource or data source that the provider does not have."
    VARIABLES_FILE "variables-file" Error "A value that a variable does not take."
    VERSION_CONSTRAINT "version-constraint" Error "A version constraint that is none."
}
