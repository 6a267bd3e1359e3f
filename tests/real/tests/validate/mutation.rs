//! Mistakes, planted at seeded places.

use ::terraform::ast::{Expression, ExpressionKind};

use crate::cases::Case;
use crate::mistakes::{VALUES, kinds};
use crate::sites::Text;

/// Numbers that look random, the same for the same seed (splitmix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut value = self.0;
        value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((value ^ (value >> 31)) % limit.max(1) as u64).unwrap_or_default()
    }
}

/// Whether a file needs a provider that is not installed here: `terraform init` would look for it.
fn has_other_provider(text: &str) -> bool {
    let read = Text::new(text);
    let blocks = read.blocks().into_iter().any(|(_, block)| {
        let first = block.labels.first().map_or("aws_", |label| label.text.as_str());
        match block.kind.text.as_str() {
            "resource" | "data" | "ephemeral" => !first.starts_with("aws_") && !first.starts_with("terraform_"),
            "provider" => !first.starts_with("aws"),
            _ => false,
        }
    });
    let named = |value: &Expression| {
        value
            .as_traversal()
            .is_some_and(|traversal| !matches!(traversal.root, "aws" | "terraform"))
    };
    blocks
        || read
            .attributes()
            .into_iter()
            .any(|(_, it)| match it.name.text.as_str() {
                "provider" => named(&it.value),
                "providers" => match &it.value.kind {
                    ExpressionKind::Object(items) => items.iter().any(|item| named(&item.value)),
                    _ => false,
                },
                _ => false,
            })
}

/// About this many mutants, as many of each kind.
pub fn mutants(originals: &[Case], wanted: usize, seed: u64) -> Vec<Case> {
    let mut dice = Dice(seed);
    let each = wanted.div_ceil(kinds().count() + VALUES.len() * 4);
    let mut mutants = Vec::new();
    let kinds = kinds().map(|kind| (kind, each));
    // Few of these are refused, and of them a share must be known as well.
    for ((kind, plant), each) in kinds.chain(VALUES.iter().map(|kind| (kind, each * 4))) {
        let mut places = Vec::new();
        for case in originals {
            for (path, source) in case
                .files
                .iter()
                .filter(|(path, _)| path.ends_with(".tf") && !path.starts_with("modules/"))
            {
                let edits = plant(&Text::new(source));
                places.extend(edits.into_iter().map(|edit| (case, path, source, edit)));
            }
        }
        for _ in 0..each.min(places.len()) {
            let (case, path, source, (range, with)) = places.swap_remove(dice.below(places.len()));
            let mut text = source.clone();
            let line = source[..range.start].matches('\n').count() + 1;
            let change = format!(
                "{kind}: {}/{path}:{line}: {:?} became {with:?}",
                case.name,
                &source[range.clone()]
            );
            text.replace_range(range, &with);
            if has_other_provider(&text) {
                continue;
            }
            let mut mutant = case.clone();
            mutant.files.insert(path.clone(), text);
            mutant.name = format!("mutant-{}", mutants.len());
            mutant.kind = (*kind).to_owned();
            mutant.change = change;
            mutants.push(mutant);
        }
    }
    mutants
}
