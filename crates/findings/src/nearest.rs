//! Names that were probably meant.

/// The candidate that `found` was probably meant to be: at most a third of its letters differ, or one contains the other.
pub fn nearest<'a>(found: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    nearest_few(found, candidates, 1).into_iter().next()
}

/// At most `most` candidates that `found` was probably meant to be, the nearest first.
pub fn nearest_few<'a>(found: &str, candidates: impl IntoIterator<Item = &'a str>, most: usize) -> Vec<&'a str> {
    let found = found.to_lowercase();
    let allowed = (found.chars().count() / 3).max(1);
    let mut near: Vec<(usize, &str)> = candidates
        .into_iter()
        .filter_map(|candidate| {
            let lower = candidate.to_lowercase();
            let contained = found.len() >= 4 && lower.len() >= 4 && (lower.contains(&found) || found.contains(&lower));
            // The distance is at least the difference in length: most candidates are out without measuring it.
            if !contained && lower.len().abs_diff(found.len()) > 4 * allowed {
                return None;
            }
            let distance = strsim::damerau_levenshtein(&found, &lower);
            (distance <= allowed || contained).then_some((distance, candidate))
        })
        .collect();
    near.sort_by_key(|(distance, _)| *distance);
    near.truncate(most);
    near.into_iter().map(|(_, candidate)| candidate).collect()
}
