//! Values without end.

use crate::watched::check_one;

/// Local values of which each refers to the one before, as `form` has it.
fn chain(length: usize, first: &str, form: impl Fn(&str) -> String) -> String {
    let mut text = format!("variable \"x\" {{}}\nlocals {{\n  l0 = {first}\n");
    for link in 1..=length {
        let before = format!("local.l{}", link - 1);
        text.push_str(&format!("  l{link} = {}\n", form(&before)));
    }
    text + &format!("}}\noutput \"o\" {{\n  value     = local.l{length}\n  sensitive = true\n}}\n")
}

#[test]
fn values_that_double_with_each_step() {
    type Form = fn(&str) -> String;
    let forms: [(&str, Form); 6] = [
        ("1", |before| format!("max({before}, {before})")),
        ("\"a\"", |before| format!("\"${{{before}}}${{{before}}}\"")),
        ("\"a\"", |before| {
            format!("{before} == \"a\" ? {before} : \"${{{before}}}b\"")
        }),
        ("\"a\"", |before| format!("[{before}, {before}]")),
        ("var.x", |before| format!("{{ a = {before}, b = {before} }}")),
        ("var.x", |before| format!("{{ a = {before}.a, b = {before}.a }}")),
    ];
    for (number, (first, form)) in forms.into_iter().enumerate() {
        let checked = check_one("main.tf", chain(60, first, form));
        assert_eq!((checked.status, checked.places()), (0, vec![]), "form {number}");
    }
}

#[test]
fn local_values_that_hang_on_each_other() {
    let text = chain(10_000, "1", str::to_owned);
    assert_eq!(check_one("main.tf", text).status, 0);
    // From the other end, where nothing is known yet of what is needed.
    let mut text = String::from("locals {\n");
    for link in 0..10_000 {
        text.push_str(&format!("  l{link} = upper(local.l{})\n", link + 1));
    }
    let end = "  l10000 = \"a\"\n}\noutput \"o\" {\n  value     = local.l0\n  ephemeral = true\n}\n";
    let checked = check_one("main.tf", text + end);
    assert_eq!(checked.places().len(), 1, "{:?}", checked.places());
}
