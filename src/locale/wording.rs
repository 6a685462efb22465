//! Problems in words: what is wrong, what to write instead, and why it matters.
//! Knows no rule; the labels have the sentences.

use std::borrow::Cow;

use super::{Locale, NBSP};
use crate::model::problem::{BEHIND, CAUSE_KEY, MORE};
use crate::model::{Date, Language, Problem, lint};

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
        let args = problem.args.iter().map(|(name, value)| match &cause {
            Some(cause) if *name == "cause" => (*name, Cow::Borrowed(cause.as_str())),
            _ => (*name, self.explained(problem.rule, name, value)),
        });
        let args: Vec<(&str, Cow<'_, str>)> = args.collect();
        let values: Vec<(&str, &str)> =
            args.iter().map(|(name, value)| (*name, &**value)).collect();
        let sentence = |part: &str| self.fill(&format!("problem.{}.{part}", problem.rule), &values);
        // where it is known what to write, that is said
        let known = problem.args.contains_key("instead");
        let own = format!("problem.{}.instead", problem.rule);
        let help = match known && self.get(&own).is_some() {
            true => sentence("instead"),
            false => sentence("help"),
        };
        let mut message = sentence("message");
        if let Some(more) = problem.args.get(MORE) {
            message.push_str(&self.fill("ui.more_places", &[("count", more.as_str())]));
        }
        Wording { message, help, why: self.why(problem) }
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

    /// Some values are keys of words themselves, others dates.
    fn explained<'a>(&'a self, rule: &str, name: &str, value: &'a str) -> Cow<'a, str> {
        if lint::find(rule).is_some_and(|lint| lint.dates.contains(&name))
            && let Some(date) = Date::parse(value)
        {
            return self.date(date).replace(NBSP, " ").into();
        }
        let kind = |group: &str| self.get(&format!("{group}.{value}"));
        match (rule, name) {
            ("record-missing" | "record-of-other-kind", "kind" | "found") => {
                return kind("record_kind").unwrap_or(value).into();
            }
            ("final-of-draft", "kind") | ("document-failed", "document") => {
                return kind("kind")
                    .map_or_else(|| value.into(), |kind| kind.to_lowercase().into());
            }
            _ => {}
        }
        let word = match name {
            "wanted" | "accepted" => self.get(&format!("accepts.{value}")),
            "construct" => self.get(&format!("construct.{value}")),
            "early" | "late" => self.get(&format!("deadline.{value}")),
            _ => None,
        };
        word.unwrap_or(value).into()
    }

    /// A configurable rule has a reason of its own; the others share one for
    /// each kind of rule.
    fn why(&self, problem: &Problem) -> String {
        let family = problem.rule.split('-').next().unwrap_or_default();
        let keys = [
            format!("problem.{}.why", problem.rule),
            format!("why.{family}"),
            "why.other".to_owned(),
        ];
        let key = keys.iter().find(|key| self.get(key).is_some());
        let values: Vec<(&str, &str)> =
            problem.args.iter().map(|(name, value)| (*name, value.as_str())).collect();
        key.map_or_else(String::new, |key| self.fill(key, &values))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::Bundle;
    use crate::model::Place;

    #[test]
    fn dates_are_in_the_form_of_the_language_unless_a_text_has_them() {
        let said = |language, rule: &'static str, date: &str| {
            let locale = Locale::load(&Bundle::built_in(), language).unwrap();
            let problem = Problem::error(rule, Place::default()).with("date", date);
            locale.word(&problem).message
        };
        let future = |language| said(language, "date-future", "2026-11-27");
        assert!(future(Language::Fi).contains("27.11.2026"));
        assert!(future(Language::Sv).contains("27.11.2026"));
        let english = future(Language::En);
        assert!(english.contains("27 November 2026"), "{english}");
        let typed = said(Language::Fi, "date-repeated", "2026-11-27");
        assert!(typed.contains("2026-11-27"), "{typed}");
        let none = said(Language::Fi, "date-impossible", "30.2.2026");
        assert!(none.contains("30.2.2026"), "{none}");
    }

    #[test]
    fn no_message_has_a_date_in_the_form_of_records() {
        let iso = "2026-11-29";
        for (language, written) in [(Language::Fi, "29.11.2026"), (Language::Sv, "29.11.2026")] {
            let locale = Locale::load(&Bundle::built_in(), language).unwrap();
            for lint in lint::all() {
                let problem = Problem::new(lint.key, Place::default());
                let problem =
                    lint.args.iter().fold(problem, |problem, name| problem.with(name, "x"));
                let problem =
                    lint.dates.iter().fold(problem, |problem, name| problem.with(name, iso));
                let worded = locale.word(&problem);
                let all = format!("{} {} {}", worded.message, worded.help, worded.why);
                assert!(!all.contains(iso), "{}: {all}", lint.key);
                assert!(lint.dates.is_empty() || all.contains(written), "{}: {all}", lint.key);
            }
        }
    }

    #[test]
    fn kinds_are_named_by_words_of_the_language() {
        let locale = Locale::load(&Bundle::built_in(), Language::Fi).unwrap();
        let problem = Problem::error("record-of-other-kind", Place::default());
        let problem = problem.with("id", "x").with("kind", "session").with("found", "round");
        let said = locale.word(&problem).message;
        assert!(said.contains("lajia kierros") && said.contains("laji neuvottelu"), "{said}");
        let draft = Problem::error("final-of-draft", Place::default()).with("kind", "measures");
        let said = locale.word(&draft).message;
        assert!(said.contains("(toimenpiteet ja seuranta)"), "{said}");
    }

    #[test]
    fn a_cause_is_said_in_the_language_with_what_the_system_said_behind_it() {
        let path = std::path::Path::new("registry/files");
        let missing = crate::fs::list(&path.join("nowhere"), |_| true).unwrap_err();
        let problem = Problem::error("registry-failed", Place::default());
        let problem = problem.caused_by(&missing).in_words(Some(missing.message_key()));
        let said = |language| {
            let locale = Locale::load(&Bundle::built_in(), language).unwrap();
            locale.word(&problem).message
        };
        let finnish = said(Language::Fi);
        assert!(finnish.contains("registry/files/nowhere`: lukeminen ei onnistu"), "{finnish}");
        assert!(finnish.contains("tiedostoa tai kansiota ei ole (os error 2)"), "{finnish}");
        assert!(said(Language::En).contains("cannot list `registry/files/nowhere`"));
    }
}
