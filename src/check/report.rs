//! The report that rules add the findings of one record to.

use crate::model::{Fix, Id, Place, Problem, Publicity, Record, RecordSet, Round, Source, Status};

use crate::model::problem::{nearest, quoted};

/// Most ids that a message lists.
const NAMED: usize = 20;

/// The findings of one record so far.
pub struct Report<'a> {
    pub source: &'a Source,
    pub set: &'a RecordSet,
    pub problems: Vec<Problem>,
}

impl<'a> Report<'a> {
    /// An empty report.
    pub fn new(source: &'a Source, set: &'a RecordSet) -> Self {
        Self { source, set, problems: Vec::new() }
    }

    /// The place of a field of the record.
    pub fn place(&self, field: impl Into<String>) -> Place {
        Place {
            file: self.source.file.clone(),
            field: field.into(),
            text: Some(self.source.text.clone()),
            ..Place::default()
        }
    }

    /// A finding with the default severity of its rule.
    pub fn found(&self, rule: &'static str, field: impl Into<String>) -> Problem {
        Problem::new(rule, self.place(field))
    }

    /// Adds a finding with the default severity of its rule.
    pub fn add(
        &mut self,
        field: impl Into<String>,
        rule: &'static str,
        args: &[(&'static str, &dyn ToString)],
    ) {
        let problem = self.found(rule, field);
        self.push(problem, args);
    }

    fn push(&mut self, problem: Problem, args: &[(&'static str, &dyn ToString)]) {
        let problem = args.iter().fold(problem, |p, (name, value)| p.with(name, value.to_string()));
        self.problems.push(problem);
    }

    /// Reports a reference to a record that does not exist. A reference to a refused file
    /// is not reported, since that file has a problem of its own.
    pub fn refers_to(
        &mut self,
        field: impl Into<String>,
        id: &Id,
        found: bool,
        kind: &'static str,
    ) {
        // a file with an unreadable id may be the target
        let unread = self.set.refused().iter().any(|refused| refused.id.is_none());
        if found || unread || self.set.refused_with_id(id).is_some() {
            return;
        }
        if let Some(other) = self.set.record(id) {
            let found = other.kind().as_str();
            let args: [(&'static str, &dyn ToString); 3] =
                [("id", id), ("kind", &kind), ("found", &found)];
            return self.add(field, "record-of-other-kind", &args);
        }
        let set = self.set;
        let of_kind = set.iter().filter(|source| source.record.kind().as_str() == kind);
        let all: Vec<&str> = of_kind.map(|source| source.record.id().as_str()).collect();
        let known = named(&all);
        let args: [(&'static str, &dyn ToString); 2] = [("kind", &kind), ("known", &known)];
        self.unknown_id(field, "record-missing", (id.as_str(), &all), &args);
    }

    /// Reports an unknown id, with the most similar known one.
    pub fn unknown_id(
        &mut self,
        field: impl Into<String>,
        rule: &'static str,
        (id, known): (&str, &[&str]),
        args: &[(&'static str, &dyn ToString)],
    ) {
        let field = field.into();
        let problem = self.found(rule, field.clone()).with("id", id);
        let problem = match nearest(id, known) {
            Some(near) => {
                let edits = vec![(field, near.to_owned())];
                problem.with("instead", near).fixed_by(Fix { edits, safe: false })
            }
            None => problem,
        };
        self.push(problem, args);
    }

    /// The round must have this group.
    pub fn group_of(&mut self, round: &Round, field: impl Into<String>, id: &Id) {
        let known: Vec<&str> = round.groups.iter().map(|group| group.id.as_str()).collect();
        self.part_of_round(field, "group-missing", (round, id), &known);
    }

    /// The round must have this priority.
    pub fn priority_of(&mut self, round: &Round, field: impl Into<String>, id: &Id) {
        let known: Vec<&str> = round.priorities.iter().map(|part| part.id.as_str()).collect();
        self.part_of_round(field, "priority-missing", (round, id), &known);
    }

    /// The round must have this service area.
    pub fn area_of(&mut self, round: &Round, field: impl Into<String>, id: &Id) {
        let known: Vec<&str> = round.service_areas.iter().map(|area| area.id.as_str()).collect();
        self.part_of_round(field, "area-missing", (round, id), &known);
    }

    fn part_of_round(
        &mut self,
        field: impl Into<String>,
        rule: &'static str,
        (round, id): (&Round, &Id),
        known: &[&str],
    ) {
        if known.contains(&id.as_str()) {
            return;
        }
        let all = named(known);
        let args: [(&'static str, &dyn ToString); 2] = [("round", &round.id), ("known", &all)];
        self.unknown_id(field, rule, (id.as_str(), known), &args);
    }

    /// A final record must have this part.
    pub fn final_needs(&mut self, field: &'static str, there: bool) {
        if !there && self.source.record.status() == Status::Final {
            self.add(field, "final-needs", &[("name", &field)]);
        }
    }

    /// A public record must not use a secret one, whose content its document would show.
    pub fn shows(&mut self, field: impl Into<String>, id: &Id) {
        let secret = |record: &Record| record.case().publicity() == Publicity::Secret;
        let public = self.source.record.case().publicity() == Publicity::Public;
        if public && self.set.record(id).is_some_and(secret) {
            self.add(field, "secret-source", &[("id", id)]);
        }
    }
}

/// Ids as a message lists them; a dash when there are none.
fn named(known: &[&str]) -> String {
    let mut all: Vec<&str> = Vec::new();
    for id in known {
        if !all.contains(id) && all.len() < NAMED {
            all.push(id);
        }
    }
    if all.is_empty() { "–".to_owned() } else { quoted(&all) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_suggested_when_it_is_much_like_what_was_written() {
        let known = ["lapset-nuoret", "ikaantyneet", "tyoikaiset"];
        for (written, meant) in [
            ("lapset-nuorett", Some("lapset-nuoret")),
            ("ikaantynet", Some("ikaantyneet")),
            ("tyo-ikaiset", Some("tyoikaiset")),
            ("asuminen", None),
            ("", None),
        ] {
            assert_eq!(nearest(written, &known), meant, "{written}");
        }
        assert_eq!(nearest::<&str>("a", &[]), None);
    }
}
