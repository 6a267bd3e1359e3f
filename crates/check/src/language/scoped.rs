//! Data sources that a `check` block declares for itself.

use terraform::ast::{Block, Span, Step};
use terraform::schema::Kind;

use super::providers::implied;
use super::references::Place;
use super::rules;
use super::walk::Walk;

impl Walk<'_, '_> {
    /// Checks a reference to a data source of a `check` block; `false` where no such block declares it.
    pub fn scoped(
        &mut self,
        resource_type: &str,
        name: &str,
        steps: &[Step<'_>],
        span: &Span,
        place: Place<'_>,
    ) -> bool {
        let mut inside = None;
        let mut outside = false;
        for check in self.environment.module.of_kind("check") {
            let Some(data) = check
                .block
                .body
                .blocks_of("data")
                .find(|data| is(data, resource_type, name))
            else {
                continue;
            };
            let block = &check.block.span;
            if check.file == place.file && block.start <= span.start && span.end <= block.end {
                inside = Some(data);
            } else {
                outside = true;
            }
        }
        let address = format!("data.{resource_type}.{name}");
        let Some(data) = inside else {
            if outside {
                let message = format!("{address} belongs to a `check` block, and is not known outside of it");
                self.report(&rules::UNDECLARED_REFERENCE, place.file, span, message);
            }
            return outside;
        };
        if let Some(Step::Key(..)) = steps.first() {
            let message = format!("{address} has no instances to choose from");
            self.report(&rules::INSTANCE_KEY, place.file, span, message);
        } else if !steps.is_empty() {
            let provider = data.body.attribute("provider");
            let local_name = provider
                .and_then(|provider| provider.value.as_traversal().map(|it| it.root.to_owned()))
                .unwrap_or_else(|| implied(resource_type).to_owned());
            self.attribute_steps(Kind::DataSource, resource_type, &local_name, steps, span, place);
        }
        true
    }
}

fn is(data: &Block, resource_type: &str, name: &str) -> bool {
    let labels: Vec<&str> = data.labels.iter().map(|label| label.text.as_str()).collect();
    labels == [resource_type, name]
}
