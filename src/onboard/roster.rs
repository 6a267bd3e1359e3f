//! Which developers are meant.

use super::Error;
use crate::deployment::model::{Deployment, Developer};

/// The developer with the id, or all of them; an e-mail address is taken for its owner's id.
///
/// # Errors
/// When nobody has the id; the message names the nearest.
pub fn choose<'a>(deployment: &'a Deployment, id: Option<&str>) -> Result<Vec<&'a Developer>, Error> {
    let Some(asked) = id else {
        return Ok(deployment.developers.iter().collect());
    };
    let developers = &deployment.developers;
    if let Some(found) = developers.iter().find(|developer| developer.id == asked) {
        return Ok(vec![found]);
    }
    let by_email: Vec<&Developer> = developers
        .iter()
        .filter(|developer| developer.email.eq_ignore_ascii_case(asked))
        .collect();
    if by_email.len() == 1 {
        return Ok(by_email);
    }
    Err(Error::UnknownDeveloper {
        asked: asked.to_owned(),
        nearest: nearest(asked, developers.iter().map(|developer| developer.id.as_str())),
    })
}

/// The most similar name, if it is similar enough to be meant.
fn nearest<'a>(asked: &str, names: impl Iterator<Item = &'a str>) -> Option<String> {
    let asked = asked.to_lowercase();
    names
        .map(|name| (strsim::jaro_winkler(&asked, &name.to_lowercase()), name))
        .filter(|(similarity, _)| *similarity > 0.8)
        // The first of equals, so that the answer does not depend on the order of comparison.
        .fold(None, |best: Option<(f64, &str)>, next| match best {
            Some(best) if best.0 >= next.0 => Some(best),
            _ => Some(next),
        })
        .map(|(_, name)| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::onboard::fixtures;

    fn ids(deployment: &Deployment, asked: Option<&str>) -> Vec<String> {
        let chosen = choose(deployment, asked).unwrap();
        chosen.iter().map(|developer| developer.id.clone()).collect()
    }

    #[test]
    fn one_or_all() {
        let deployment = fixtures::identity_center();
        assert_eq!(ids(&deployment, None), ["alice", "bob"]);
        assert_eq!(ids(&deployment, Some("bob")), ["bob"]);
        assert_eq!(ids(&deployment, Some("Bob@Example.com")), ["bob"]);
    }

    #[test]
    fn an_unknown_id_gets_the_nearest() {
        let deployment = fixtures::identity_center();
        let message = |asked| choose(&deployment, Some(asked)).unwrap_err().to_string();
        assert_eq!(
            message("alcie"),
            "no developer has the id `alcie`; did you mean `alice`?"
        );
        assert_eq!(message("zzz"), "no developer has the id `zzz`");
    }
}
