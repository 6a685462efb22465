//! Problems in words: what is wrong, what to write instead, and why it matters.
//! Knows no rule; the labels have the sentences.

use super::Locale;
use crate::model::Problem;

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
        let values: Vec<(&str, &str)> =
            problem.args.iter().map(|(name, value)| (*name, self.explained(name, value))).collect();
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
