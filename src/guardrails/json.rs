//! interim
use policy::*;
use serde_json::{Map, Value, json};
pub fn minified(d: &Document) -> String {
    let list = |v: &Vec<String>| if v.len() == 1 { json!(v[0]) } else { json!(v) };
    let st: Vec<Value> = d
        .statements
        .iter()
        .map(|s| {
            let mut m = Map::new();
            if let Some(sid) = &s.sid {
                m.insert("Sid".into(), json!(sid));
            }
            m.insert(
                "Effect".into(),
                json!(match s.effect {
                    Effect::Allow => "Allow",
                    Effect::Deny => "Deny",
                }),
            );
            if let Some(Principals::Only(p)) = &s.principals {
                m.insert("Principal".into(), json!(format!("{p:?}")));
            }
            match &s.actions {
                Actions::Only(v) => m.insert("Action".into(), list(v)),
                Actions::AllBut(v) => m.insert("NotAction".into(), list(v)),
            };
            match &s.resources {
                Some(Resources::Only(v)) => {
                    m.insert("Resource".into(), list(v));
                }
                Some(Resources::AllBut(v)) => {
                    m.insert("NotResource".into(), list(v));
                }
                None => {}
            };
            let mut c = Map::new();
            for k in &s.conditions {
                c.entry(k.operator.clone()).or_insert(json!({}))[&k.key] = list(&k.values);
            }
            if !c.is_empty() {
                m.insert("Condition".into(), Value::Object(c));
            }
            Value::Object(m)
        })
        .collect();
    json!({"Version":"2012-10-17","Statement":st}).to_string()
}
