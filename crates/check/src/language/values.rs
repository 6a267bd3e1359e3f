//! Files of values of variables, `.tfvars`.

use findings::Severity;
use terraform::evaluate::type_constraint;
use terraform::module::SideFile;
use terraform::value::{Type, Value, convert};

use super::rules;
use super::walk::Walk;

impl Walk<'_, '_> {
    /// Checks the files of values in the module's folder.
    pub fn values(&mut self) {
        let module = self.environment.module;
        for values in &module.values {
            self.values_in(values);
        }
    }

    /// Checks a file of values against the variables of the module.
    pub fn values_in(&mut self, values: &SideFile) {
        let module = self.environment.module;
        let file = values.file;
        for block in values.body.blocks() {
            let finding = self
                .finding(
                    &rules::VARIABLES_FILE,
                    file,
                    &block.header,
                    "a file of values has arguments alone, one for each variable",
                )
                .help(format!("a map is written `{} = {{ … }}`", block.kind.text));
            self.push(finding);
        }
        for attribute in values.body.attributes() {
            let name = &attribute.name.text;
            let what = format!("the value of var.{name}");
            let value = self.constant(&attribute.value, &Type::Any, file, &what);
            let Some(variable) = module.named("variable", name) else {
                // Terraform only warns: one file may serve several configurations.
                let finding = self
                    .finding(
                        &rules::VARIABLES_FILE,
                        file,
                        &attribute.name.span,
                        format!("the configuration in this folder declares no variable `{name}`"),
                    )
                    .severity(Severity::Warning)
                    .nearest(
                        name,
                        module.of_kind("variable").filter_map(|variable| variable.label(0)),
                    );
                self.push(finding);
                continue;
            };
            let view = variable.view();
            let constraint = view
                .attribute("type")
                .and_then(|(_, attribute)| type_constraint(&attribute.value).ok());
            if let Some(constraint) = constraint
                && !matches!(value, Value::Null(_))
                && let Err(error) = convert(constraint.defaults.apply(value), &constraint.kind)
            {
                let message = format!("{what}: {error}");
                self.report(&rules::VARIABLES_FILE, file, &attribute.value.span, message);
            }
        }
    }
}
