//! Which trusted IAM user is which developer.

use std::collections::BTreeMap;

use super::model::{Developer, Roles, Trusted};

/// What a trusted IAM user may be called to be taken for a developer.
type Candidate = fn(&Developer) -> &str;

/// The IAM user of each developer who has one: named like the id, else like the e-mail address, else like its local
/// part. A user stands for one developer only; a local part that several still unmatched developers share matches none.
pub fn users<'a>(developers: &'a [Developer], roles: &'a Roles) -> BTreeMap<&'a str, &'a str> {
    let mut free: BTreeMap<String, &str> = roles
        .developers
        .iter()
        .filter_map(|trusted| match trusted {
            // IAM compares user names without regard to case; the session name must be spelt as in the ARN.
            Trusted::User { name, .. } => Some((name.to_lowercase(), name.as_str())),
            Trusted::Role { .. } => None,
        })
        .collect();
    let mut users = BTreeMap::new();
    let candidates: [Candidate; 3] = [
        |developer| &developer.id,
        |developer| &developer.email,
        |developer| local_part(&developer.email),
    ];
    for candidate in candidates {
        let mut claims: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for developer in developers {
            let name = candidate(developer).to_lowercase();
            if !users.contains_key(developer.id.as_str()) && free.contains_key(&name) {
                claims.entry(name).or_default().push(&developer.id);
            }
        }
        for (name, ids) in claims {
            if let ([id], Some(user)) = (ids.as_slice(), free.get(&name).copied()) {
                users.insert(*id, user);
                free.remove(&name);
            }
        }
    }
    users
}

fn local_part(email: &str) -> &str {
    email.split_once('@').map_or(email, |(local, _)| local)
}
