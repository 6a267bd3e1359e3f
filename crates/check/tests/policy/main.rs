//! The rules over policies.

mod correct;
mod pages;
mod rules;
mod seeded;
mod support;
mod unknown;
