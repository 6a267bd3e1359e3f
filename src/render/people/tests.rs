//! Histories of rosters, with Terraform's rules for moves played by a model.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::deployment::model::Geography;
use crate::guardrails::fixtures;
use crate::render::profiles::{Profiles, moved};

/// What exists in AWS and in Terraform's state: by key, the address of whoever it was made for, and its name.
type State = BTreeMap<String, (String, String)>;

/// Numbers that are the same on every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        usize::try_from((mixed ^ (mixed >> 31)) >> 33).unwrap() % limit
    }
}

fn developer(id: &str, person: usize, formerly: Option<&str>) -> Developer {
    Developer {
        id: id.to_owned(),
        email: format!("person-{person}@example.com"),
        team: None,
        project: None,
        cost_center: None,
        formerly: formerly.map(str::to_owned),
    }
}

fn deployment(mut developers: Vec<Developer>, geography: Geography) -> Deployment {
    developers.sort_by(|a, b| a.id.cmp(&b.id));
    Deployment {
        developers,
        profiles: ProfileScope::Developer,
        ..fixtures::full(geography, 1)
    }
}

/// What a tree remembers.
#[derive(Debug, Default, Clone)]
struct Tree {
    profiles: BTreeMap<String, Profile>,
    dropped: BTreeMap<String, Profile>,
}

/// Renders; `None` where that is refused.
fn render_in(geography: Geography, roster: &[Developer], tree: &Tree, drop_retired: bool) -> Option<Tree> {
    let deployment = deployment(roster.to_vec(), geography);
    let people = compare(&deployment, &tree.profiles, &tree.dropped, &[]);
    if !people.newcomers.is_empty() {
        return None;
    }
    let formers = &people.formers;
    let profiles = Profiles::compute(&deployment, &tree.profiles, &tree.dropped, formers, drop_retired).unwrap();
    Some(Tree {
        profiles: profiles.entries,
        dropped: profiles.dropped,
    })
}

/// Renders where nothing else is remembered.
fn render(roster: &[Developer], previous: &BTreeMap<String, Profile>) -> Option<BTreeMap<String, Profile>> {
    let tree = Tree {
        profiles: previous.clone(),
        ..Tree::default()
    };
    render_in(Geography::Us, roster, &tree, false).map(|tree| tree.profiles)
}

/// What `terraform apply` does, and what must never happen then; only what was dropped may go.
fn apply(profiles: &BTreeMap<String, Profile>, gone: &mut BTreeSet<String>, state: &mut State) -> Result<(), String> {
    let moves = moved(profiles);
    if let Some(from) = moves.keys().find(|from| profiles.contains_key(*from)) {
        return Err(format!("Moved object still exists: {from}"));
    }
    let known = std::mem::take(state);
    for (key, object) in known {
        let mut at = key.clone();
        while let Some(to) = moves.get(&at) {
            at.clone_from(to);
        }
        if !profiles.contains_key(&at) {
            if gone.contains(&object.1) {
                continue;
            }
            return Err(format!("{key} would be destroyed"));
        }
        if state.insert(at.clone(), object).is_some() {
            return Err(format!("two objects at {at}"));
        }
    }
    for (key, profile) in profiles {
        let email = profile.email.clone().unwrap();
        let wanted = (email.clone(), profile.name.clone());
        let (owner, name) = state.entry(key.clone()).or_insert(wanted);
        if *owner != email {
            return Err(format!("{key} of {owner} would be {email}'s"));
        }
        if *name != profile.name {
            return Err(format!("{key} would be replaced: {name} and {}", profile.name));
        }
    }
    let names: BTreeSet<&String> = state.values().map(|(_, name)| name).collect();
    if names.len() < state.len() {
        return Err("two profiles of one name".to_owned());
    }
    Ok(())
}

/// A change of the roster that its own checks accept: ids and addresses once, a former id that nobody has.
fn change(roster: &mut Vec<Developer>, random: &mut Random) {
    const IDS: [&str; 5] = ["a", "b", "c", "d", "B"];
    let free = |roster: &[Developer], id: &str| roster.iter().all(|other| !other.id.eq_ignore_ascii_case(id));
    let id = IDS[random.below(IDS.len())];
    match random.below(5) {
        0 if !roster.is_empty() => drop(roster.remove(random.below(roster.len()))),
        1 | 2 if !roster.is_empty() && free(roster, id) => {
            let chosen = random.below(roster.len());
            let developer = &mut roster[chosen];
            let former = std::mem::replace(&mut developer.id, id.to_owned());
            developer.formerly = (random.below(2) == 0).then_some(former);
        }
        3 => roster.iter_mut().for_each(|developer| developer.formerly = None),
        _ => {
            let person = random.below(4);
            let email = format!("person-{person}@example.com");
            if free(roster, id) && roster.iter().all(|other| other.email != email) {
                roster.push(developer(id, person, None));
            }
        }
    }
    let ids: Vec<String> = roster.iter().map(|developer| developer.id.to_lowercase()).collect();
    let mut stated = BTreeSet::new();
    for developer in roster {
        let former = developer.formerly.as_ref().map(|former| former.to_lowercase());
        let is_taken = |former: &String| ids.contains(former) || !stated.insert(former.clone());
        if former.as_ref().is_some_and(is_taken) {
            developer.formerly = None;
        }
    }
}

/// Whatever happens to the roster and the geography, and whenever it is applied: no profile is destroyed but what was
/// dropped, none is replaced or given to somebody else, and Terraform refuses nothing.
#[test]
fn no_history_of_a_roster_loses_a_profile_or_gives_it_to_somebody_else() {
    let mut random = Random(7);
    let (mut refused, mut moves, mut drops) = (0, 0, 0);
    for history in 0..4_000 {
        let (mut roster, mut tree, mut state) = (Vec::new(), Tree::default(), State::new());
        let mut geography = Geography::Us;
        // Names in AWS of what was dropped and may go.
        let mut gone = BTreeSet::new();
        let mut told = Vec::new();
        for _ in 0..12 {
            let before = roster.clone();
            change(&mut roster, &mut random);
            if random.below(5) == 0 {
                geography = [Geography::Us, Geography::Global][random.below(2)];
            }
            let drop_retired = random.below(6) == 0;
            let lines: Vec<String> = roster
                .iter()
                .map(|developer| format!("{} {} {:?}", developer.id, developer.email, developer.formerly))
                .collect();
            match render_in(geography, &roster, &tree, drop_retired) {
                Some(rendered) => {
                    let kept: BTreeSet<&String> = rendered.profiles.values().map(|profile| &profile.name).collect();
                    let names = tree.profiles.values().map(|profile| &profile.name);
                    let dropped: BTreeSet<String> = names.filter(|name| !kept.contains(name)).cloned().collect();
                    drops += dropped.len();
                    gone.extend(dropped);
                    gone.retain(|name: &String| !kept.contains(name));
                    tree = rendered;
                }
                None => {
                    refused += 1;
                    roster = before;
                    continue;
                }
            }
            told.push(format!("rendered {geography:?} drop {drop_retired} {lines:?}"));
            moves += usize::from(!moved(&tree.profiles).is_empty());
            if random.below(2) == 0 {
                told.push("applied".to_owned());
                if let Err(fault) = apply(&tree.profiles, &mut gone, &mut state) {
                    panic!("history {history}: {fault}\n{}", told.join("\n"));
                }
                if random.below(4) == 0 {
                    told.push("dropped what was remembered".to_owned());
                    tree.profiles.values_mut().for_each(|profile| profile.formerly.clear());
                    tree.dropped.clear();
                }
            }
            one_owner_each(&roster, &tree.profiles).unwrap_or_else(|fault| {
                panic!("history {history}: {fault}\n{}", told.join("\n"));
            });
        }
        if let Err(fault) = apply(&tree.profiles, &mut gone, &mut state) {
            panic!("history {history}: {fault}\n{}", told.join("\n"));
        }
    }
    assert!(
        refused > 500 && moves > 5_000 && drops > 500,
        "{refused} {moves} {drops}"
    );
}

/// Everybody of the roster is one person in the table of profiles: what was spent under an earlier id is theirs.
fn one_owner_each(roster: &[Developer], profiles: &BTreeMap<String, Profile>) -> Result<(), String> {
    for developer in roster {
        let theirs = |profile: &&Profile| profile.email.as_ref() == Some(&developer.email);
        if let Some(other) = profiles
            .values()
            .filter(theirs)
            .find(|profile| profile.developer.as_ref() != Some(&developer.id))
        {
            return Err(format!("{} has {:?} too", developer.email, other.developer));
        }
    }
    Ok(())
}

#[test]
fn an_undone_rename_gives_the_profiles_back() {
    let first = render(&[developer("alice", 0, None)], &BTreeMap::new()).unwrap();
    let second = render(&[developer("bob", 0, Some("alice"))], &first).unwrap();
    let third = render(&[developer("alice", 0, None)], &second).unwrap();
    assert_eq!(
        moved(&third).into_iter().collect::<Vec<_>>(),
        [(
            "bob/us.anthropic.claude-opus-4-6-v1".to_owned(),
            "alice/us.anthropic.claude-opus-4-6-v1".to_owned()
        )]
    );
    assert!(third.values().all(|profile| !profile.retired));
}

/// Also the retired profiles carry the newest address, by which whoever returns is known.
#[test]
fn the_past_follows_an_address() {
    let tree = render_in(
        Geography::Global,
        &[developer("alice", 0, None)],
        &Tree::default(),
        false,
    )
    .unwrap();
    let tree = render_in(Geography::Us, &[developer("alice", 1, None)], &tree, false).unwrap();
    assert!(
        tree.profiles
            .values()
            .all(|profile| profile.email.as_deref() == Some("person-1@example.com"))
    );
    let tree = render_in(Geography::Us, &[], &tree, false).unwrap();
    assert!(render_in(Geography::Us, &[developer("alice", 0, None)], &tree, false).is_none());
    let back = render_in(Geography::Us, &[developer("alice2", 1, None)], &tree, false).unwrap();
    assert_eq!(back.profiles.len(), 2);
    assert!(
        back.profiles.keys().all(|key| key.starts_with("alice2/")),
        "{:?}",
        back.profiles
    );
}

#[test]
fn an_id_that_was_somebody_elses_is_asked_about() {
    let taken = |roster: Vec<Developer>, previous: &BTreeMap<String, Profile>, returned: &[String]| {
        let deployment = deployment(roster, Geography::Us);
        let people = compare(&deployment, previous, &BTreeMap::new(), returned);
        let newcomers = people.newcomers.into_iter();
        newcomers
            .map(|newcomer| (newcomer.developer.id.clone(), newcomer.taken))
            .collect::<Vec<_>>()
    };
    let alice = render(&[developer("alice", 0, None)], &BTreeMap::new()).unwrap();
    let bob = render(&[developer("bob", 0, Some("alice"))], &alice).unwrap();
    let still = vec![developer("bob", 0, None), developer("alice", 1, None)];
    let moving = ("alice".to_owned(), Taken::Moving("bob".to_owned()));
    assert_eq!(taken(still.clone(), &bob, &[]), [moving]);
    assert_eq!(taken(still, &bob, &["alice".to_owned()]).len(), 1, "no word helps");
    let from = ("alice".to_owned(), Taken::From("person-0@example.com".to_owned()));
    assert_eq!(taken(vec![developer("alice", 1, None)], &bob, &[]), [from]);
    assert_eq!(
        taken(vec![developer("alice", 1, None)], &bob, &["alice".to_owned()]),
        []
    );

    // Handed over in one edit, with the former owner gone or under another id.
    let both = render(
        &[developer("alice", 0, None), developer("bob", 1, None)],
        &BTreeMap::new(),
    )
    .unwrap();
    assert_eq!(taken(vec![developer("bob", 0, Some("alice"))], &both, &[]).len(), 1);
    let swapped = vec![developer("alice", 1, None), developer("bob", 0, None)];
    assert_eq!(taken(swapped, &both, &[]).len(), 2);
    // An address may change.
    let moved_house = vec![developer("alice", 2, None), developer("bob", 1, None)];
    assert_eq!(taken(moved_house.clone(), &both, &[]), []);
    let deployment = deployment(moved_house, Geography::Us);
    assert_eq!(compare(&deployment, &both, &BTreeMap::new(), &[]).readdressed.len(), 1);
}
