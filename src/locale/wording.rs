//! Problems in words: what is wrong, what to write instead, and why it matters.
//! Knows no rule; the labels have the sentences.

use super::Locale;
use crate::model::problem::{BEHIND, CAUSE_KEY};
use crate::model::{Language, Problem};

/// A problem in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wording {
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub help: String,
    /// The statute, standard or custom behind the rule.
    pub why: String,
}

impl Locale {
    /// Puts a problem into words.
    pub fn word(&self, problem: &Problem) -> Wording {
        let cause = self.cause(problem);
        let values = problem.args.iter().map(|(name, value)| match &cause {
            Some(cause) if *name == "cause" => (*name, cause.as_str()),
            _ => (*name, self.explained(name, value)),
        });
        let values: Vec<(&str, &str)> = values.collect();
        let sentence = |part: &str| self.fill(&format!("problem.{}.{part}", problem.rule), &values);
        // where it is known what to write, that is said
        let known = problem.args.contains_key("instead");
        let own = format!("problem.{}.instead", problem.rule);
        let help = match known && self.labels().get(&own).is_some() {
            true => sentence("instead"),
            false => sentence("help"),
        };
        Wording { message: sentence("message"), help, why: self.why(problem) }
    }

    /// The cause in the reader's words, with what the system said behind it. In
    /// English it has its own.
    fn cause(&self, problem: &Problem) -> Option<String> {
        let own = problem.args.get("cause").filter(|_| self.language != Language::En)?;
        let Some(key) = problem.args.get(CAUSE_KEY) else { return Some(self.with_system(own)) };
        let values = problem.args.iter().filter_map(|(name, value)| match *name {
            "cause" => None,
            BEHIND => Some(("cause", self.with_system(value))),
            "deed" => Some(("deed", self.label(&format!("failure.{value}")))),
            "system" => Some(("system", self.with_system(value))),
            name => Some((name, value.clone())),
        });
        let values: Vec<(&str, String)> = values.collect();
        let named: Vec<(&str, &str)> = values.iter().map(|(k, v)| (*k, v.as_str())).collect();
        let said = self.fill(&format!("failure.{key}"), &named);
        let system = named.iter().find(|(name, _)| *name == "system").map(|(_, value)| *value);
        Some(match system.filter(|system| !said.contains(system)) {
            Some(system) => format!("{said}: {system}"),
            None => said,
        })
    }

    /// Some values are keys of words themselves.
    fn explained<'a>(&'a self, name: &str, value: &'a str) -> &'a str {
        let word = match name {
            "wanted" | "accepted" => self.labels().get(&format!("accepts.{value}")),
            "construct" => self.labels().get(&format!("construct.{value}")),
            "early" | "late" => self.labels().get(&format!("deadline.{value}")),
            _ => None,
        };
        word.unwrap_or(value)
    }

    /// A rule of judgement has a reason of its own; the others share one for
    /// each kind of rule.
    fn why(&self, problem: &Problem) -> String {
        let family = problem.rule.split('-').next().unwrap_or_default();
        let keys = [
            format!("problem.{}.why", problem.rule),
            format!("why.{family}"),
            "why.other".to_owned(),
        ];
        let key = keys.iter().find(|key| self.labels().get(key).is_some());
        let values: Vec<(&str, &str)> =
            problem.args.iter().map(|(name, value)| (*name, value.as_str())).collect();
        key.map_or_else(String::new, |key| self.fill(key, &values))
    }
}
