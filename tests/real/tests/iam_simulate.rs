//! Cross-check of the policy evaluator with an independent simulator, case by case.
#![cfg(target_os = "linux")]

#[path = "../iam/generate.rs"]
mod generate;
#[path = "../iam/simulator.rs"]
mod simulator;
#[path = "../iam/values.rs"]
mod values;

use generate::{Case, Random};
use policy::{Decision, evaluate};
use simulator::Answer;

struct Live {
    child: std::process::Child,
    stdin: std::process::ChildStdin,
    out: std::io::BufReader<std::process::ChildStdout>,
}
impl Live {
    fn new() -> Self {
        let source = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("iam");
        let directory = real::npm::install("iam", &source).unwrap();
        let mut child = std::process::Command::new("node")
            .arg(source.join("driver.mjs"))
            .current_dir(directory)
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        Live {
            stdin: child.stdin.take().unwrap(),
            out: std::io::BufReader::new(child.stdout.take().unwrap()),
            child,
        }
    }
    fn ask(&mut self, case: &Case) -> Answer {
        use std::io::{BufRead, Write};
        writeln!(self.stdin, "{}", simulator::describe(case)).unwrap();
        let mut line = String::new();
        self.out.read_line(&mut line).unwrap();
        simulator::answer(line.trim()).unwrap()
    }
}
fn ours(case: &Case) -> String {
    match evaluate(&case.policies, &case.request) {
        Decision::Allowed { .. } => "Allowed".into(),
        Decision::ExplicitDeny { .. } => "ExplicitDeny".into(),
        Decision::ImplicitDeny { layer } => format!("ImplicitDeny {layer}"),
        Decision::DependsOn { keys, .. } => format!("DependsOn {keys:?}"),
    }
}
fn short(s: &str) -> &str {
    s.split(' ').next().unwrap()
}
fn variants(p: &policy::PolicySet) -> Vec<policy::PolicySet> {
    let mut out = vec![];
    let mut push = |f: &dyn Fn(&mut policy::PolicySet)| {
        let mut q = p.clone();
        f(&mut q);
        out.push(q);
    };
    push(&|q| q.resource = None);
    push(&|q| q.boundary = None);
    push(&|q| q.session.clear());
    push(&|q| q.scp_levels.clear());
    for i in 0..p.scp_levels.len() {
        push(&|q| {
            q.scp_levels.remove(i);
        });
        for j in 0..p.scp_levels[i].len() {
            push(&|q| {
                q.scp_levels[i].remove(j);
            });
        }
    }
    for i in 0..p.identity.len() {
        push(&|q| {
            q.identity.remove(i);
        });
    }
    fn docs(q: &mut policy::PolicySet) -> Vec<&mut policy::Document> {
        let mut v: Vec<&mut policy::Document> = vec![];
        for l in &mut q.scp_levels {
            for d in l {
                v.push(&mut d.value);
            }
        }
        for d in &mut q.identity {
            v.push(&mut d.value);
        }
        for d in &mut q.session {
            v.push(&mut d.value);
        }
        if let Some(d) = &mut q.resource {
            v.push(&mut d.value);
        }
        if let Some(d) = &mut q.boundary {
            v.push(&mut d.value);
        }
        v
    }
    let mut probe = p.clone();
    let shape: Vec<Vec<(usize, Vec<usize>, usize, usize)>> = docs(&mut probe)
        .iter()
        .map(|d| {
            d.statements
                .iter()
                .map(|s| {
                    let a = match &s.actions {
                        policy::Actions::Only(a) | policy::Actions::AllBut(a) => a.len(),
                    };
                    let r = match &s.resources {
                        Some(policy::Resources::Only(a) | policy::Resources::AllBut(a)) => a.len(),
                        None => 0,
                    };
                    let pr = match &s.principals {
                        Some(policy::Principals::Only(a) | policy::Principals::AllBut(a)) => a.len(),
                        None => 0,
                    };
                    (a, s.conditions.iter().map(|c| c.values.len()).collect(), r, pr)
                })
                .collect()
        })
        .collect();
    for (i, d) in shape.iter().enumerate() {
        push(&|q| docs(q)[i].version = policy::Version::V2012);
        for (j, (a, c, r, pr)) in d.iter().enumerate() {
            if d.len() > 1 {
                push(&|q| {
                    docs(q)[i].statements.remove(j);
                });
            }
            push(&|q| docs(q)[i].statements[j].actions = policy::Actions::Only(vec!["*".into()]));
            if *r > 0 {
                push(&|q| docs(q)[i].statements[j].resources = Some(policy::Resources::Only(vec!["*".into()])));
            }
            for (k, n) in c.iter().enumerate() {
                push(&|q| {
                    docs(q)[i].statements[j].conditions.remove(k);
                });
                if *n > 1 {
                    for m in 0..*n {
                        push(&|q| {
                            docs(q)[i].statements[j].conditions[k].values.remove(m);
                        });
                    }
                }
            }
            if *a > 1 {
                for m in 0..*a {
                    push(&|q| match &mut docs(q)[i].statements[j].actions {
                        policy::Actions::Only(x) | policy::Actions::AllBut(x) => {
                            x.remove(m);
                        }
                    });
                }
            }
            if *r > 1 {
                for m in 0..*r {
                    push(&|q| match &mut docs(q)[i].statements[j].resources {
                        Some(policy::Resources::Only(x) | policy::Resources::AllBut(x)) => {
                            x.remove(m);
                        }
                        None => {}
                    });
                }
            }
            if *pr > 1 {
                for m in 0..*pr {
                    push(&|q| match &mut docs(q)[i].statements[j].principals {
                        Some(policy::Principals::Only(x) | policy::Principals::AllBut(x)) => {
                            x.remove(m);
                        }
                        None => {}
                    });
                }
            }
        }
    }
    out
}
#[test]
fn explore() {
    let seed = std::env::var("SEED").map_or(1, |s| s.parse().unwrap());
    let n = std::env::var("N").map_or(3000, |s| s.parse().unwrap());
    let mut random = Random::new(seed);
    let cases: Vec<Case> = (0..n).map(|_| Case::random(&mut random)).collect();
    let start = std::time::Instant::now();
    let answers = simulator::run(&cases).unwrap();
    println!("sim {:?}", start.elapsed());
    let mut live = Live::new();
    let mut seen = std::collections::BTreeMap::<String, (usize, String)>::new();
    let mut different = 0;
    for (case, answer) in cases.iter().zip(&answers) {
        let mut o = ours(case);
        if short(&o) == format!("{answer:?}") {
            continue;
        }
        different += 1;
        let mut policies = case.policies.clone();
        let theirs = format!("{answer:?}");
        for _ in 0..2 {
            let mut i = 0;
            loop {
                let vs = variants(&policies);
                if i >= vs.len() {
                    break;
                }
                let c = Case {
                    policies: vs[i].clone(),
                    request: case.request.clone(),
                };
                if c.policies == policies {
                    i += 1;
                    continue;
                }
                let oo = ours(&c);
                if short(&oo) == short(&o) && format!("{:?}", live.ask(&c)) == theirs {
                    policies = c.policies;
                    o = oo;
                } else {
                    i += 1;
                }
            }
        }
        let c = Case {
            policies,
            request: case.request.clone(),
        };
        let v: serde_json::Value = serde_json::from_str(&simulator::describe(&c)).unwrap();
        let mut text = format!(
            "{} {} {}\n",
            v["request"]["principal"], v["request"]["action"], v["request"]["resource"]["resource"]
        );
        for k in [
            "identityPolicies",
            "serviceControlPolicies",
            "resourcePolicy",
            "permissionBoundaryPolicies",
            "sessionPolicy",
        ] {
            if let Some(x) = v.get(k) {
                if x != &serde_json::json!([]) {
                    text += &format!("   {k} {x}\n");
                }
            }
        }
        text += &format!("   {}", v["request"]["contextVariables"]);
        let sig = format!(
            "{o} | {theirs} | {}",
            std::env::var("FULL").map_or_else(
                |_| c
                    .policies
                    .resource
                    .as_ref()
                    .map_or(String::new(), |d| format!("{:?}", d.value.statements.len())),
                |_| text.clone()
            )
        );
        let e = seen.entry(sig).or_insert((0, text.clone()));
        e.0 += 1;
        if e.0 <= 4 {
            println!("== ours {o}; theirs {theirs}\n   {text}");
        }
    }
    println!("different {different}");
    for (k, (n, _)) in seen {
        println!("{n} {k}");
    }
    live.child.kill().unwrap();
}
