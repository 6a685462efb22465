//! Mutation tests: each mutation of the table is applied to a fresh copy of the sample
//! records and must be found in the right file and line, without other findings.

mod records;
mod texts;

use std::collections::BTreeSet;

use kirjuri::parallel;
use serde_json::Value;

use crate::desk::Desk;
use crate::findings::findings;

use Change::*;

/// 1 October 2025, before the sessions of 2025.
const NOW: &str = "1759276800";

/// One way to break a record.
#[derive(Debug, Clone, Copy)]
enum Change {
    /// Repeats a word; words are counted from 0.
    Twice(usize),
    /// Doubles the space after a word.
    Wide(usize),
    /// Cuts the text after a word and adds "ja".
    Cut(usize),
    /// Replaces a part of the text.
    Swap(&'static str, &'static str),
    /// Appends to the text.
    End(&'static str),
    /// Replaces the text.
    Text(&'static str),
    /// Replaces the text with a very long one.
    Many(&'static str),
    /// Replaces the value, as JSON.
    Set(&'static str),
    /// Adds a field to the object: name and value.
    Add(&'static str, &'static str),
    /// Appends an element to the list.
    Push(&'static str),
    /// Swaps two elements of the list.
    Trade(usize, usize),
    /// Removes the field or element.
    Gone,
    /// Replaces a part of the file; the fault is that many lines below the first line
    /// that differs.
    Raw(&'static str, &'static str, usize),
    /// Appends the fault to the file.
    Tail(&'static str),
    /// Truncates the file where this text begins.
    Half(&'static str),
    /// Replaces the whole file.
    Whole(&'static str),
}

/// One change at several places, each breaking the same rule.
#[derive(Debug, Clone, Copy)]
struct Row {
    rule: &'static str,
    change: Change,
    /// `file field`, and after `>` the field with the fault, if it is another one, with
    /// its file if necessary.
    places: &'static [&'static str],
}

const fn row(rule: &'static str, change: Change, places: &'static [&'static str]) -> Row {
    Row { rule, change, places }
}

/// A finding.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Found {
    rule: &'static str,
    file: String,
    field: String,
    line: usize,
}

impl Found {
    /// True when both are equal apart from the line.
    fn same(&self, other: &Self) -> bool {
        (&self.rule, &self.file, &self.field) == (&other.rule, &other.file, &other.field)
    }
}

/// A mutation at one place.
#[derive(Debug, Clone)]
struct Mutation {
    rule: &'static str,
    change: Change,
    file: String,
    field: String,
    /// File and field of the finding.
    found: (String, String),
}

impl Mutation {
    fn new(row: &Row, place: &str) -> Self {
        let (left, right) = match place.split_once(" >") {
            Some((left, right)) => (left, Some(right.trim_start())),
            None => (place, None),
        };
        let (file, field) = left.split_once(' ').unwrap_or((left, ""));
        let own = match row.change {
            Add(name, _) if field.is_empty() => name.to_owned(),
            Add(name, _) => format!("{field}.{name}"),
            _ => field.to_owned(),
        };
        let found = match right.map(|right| right.split_once(' ').ok_or(right)) {
            None => (file.to_owned(), own),
            Some(Err(field)) => (file.to_owned(), field.to_owned()),
            Some(Ok((file, field))) => (file.to_owned(), field.to_owned()),
        };
        let (file, field) = (file.to_owned(), field.to_owned());
        Self { rule: row.rule, change: row.change, file, field, found }
    }

    /// The changed text of the file, and the line of the fault if only the change
    /// determines it.
    fn done_to(&self, text: &str) -> (String, Option<usize>) {
        let last = |text: &str| text.matches('\n').count() + 1;
        match self.change {
            Raw(from, to, below) => {
                assert!(text.contains(from), "{self:?}");
                let new = text.replacen(from, to, 1);
                let line = text.lines().zip(new.lines()).position(|(a, b)| a != b).unwrap();
                (new, Some(line + 1 + below))
            }
            Tail(more) => {
                let new = format!("{text}{more}");
                let line = last(&new);
                (new, Some(line))
            }
            Half(end) => {
                let new = text[..text.find(end).unwrap()].to_owned();
                let line = last(&new);
                (new, Some(line))
            }
            Whole(new) => (new.to_owned(), Some(1)),
            _ => {
                let mut record = serde_json::from_str(text).unwrap();
                self.change_value(&mut record);
                (pretty(&record), None)
            }
        }
    }

    fn change_value(&self, record: &mut Value) {
        let pointer = pointer(&self.field);
        let old = record.pointer(&pointer).and_then(Value::as_str).unwrap_or_default();
        let new = match self.change {
            Twice(number) => {
                let end = end_of_word(old, number);
                let start = old[..end].rfind(' ').map_or(0, |at| at + 1);
                let word = old[start..end].trim_end_matches(['.', ',', ';', ':']);
                format!("{}{word} {}", &old[..start], &old[start..])
            }
            Wide(number) => {
                let end = end_of_word(old, number);
                format!("{} {}", &old[..end], &old[end..])
            }
            Cut(number) => {
                let kept = old[..end_of_word(old, number)].trim_end_matches(['.', ',', ';', ':']);
                format!("{kept} ja")
            }
            Swap(from, to) => {
                assert!(old.contains(from), "{self:?}: {old}");
                old.replacen(from, to, 1)
            }
            End(more) => format!("{old}{more}"),
            Text(new) => new.to_owned(),
            Many(word) => word.repeat(20_000),
            Gone => return take_out(record, &pointer),
            Set(new) => return put(record, &pointer, value(new)),
            Add(name, new) => return put(record, &format!("{pointer}/{name}"), value(new)),
            Push(new) => return list(record, &pointer).push(value(new)),
            Trade(a, b) => return list(record, &pointer).swap(a, b),
            Raw(..) | Tail(_) | Half(_) | Whole(_) => unreachable!("changes of the text"),
        };
        put(record, &pointer, new.into());
    }
}

/// `/notes/0/text` for `notes[0].text`.
fn pointer(field: &str) -> String {
    let path = field.replace('[', "/").replace(']', "").replace('.', "/");
    if path.is_empty() { path } else { format!("/{path}") }
}

/// Parses JSON, or takes the text as a string.
fn value(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| text.into())
}

fn pretty(record: &Value) -> String {
    serde_json::to_string_pretty(record).unwrap()
}

fn end_of_word(text: &str, number: usize) -> usize {
    let gaps = text.match_indices(' ').map(|(at, _)| at);
    gaps.chain([text.len()]).nth(number).unwrap()
}

fn list<'a>(record: &'a mut Value, pointer: &str) -> &'a mut Vec<Value> {
    record.pointer_mut(pointer).and_then(Value::as_array_mut).unwrap()
}

fn put(record: &mut Value, pointer: &str, new: Value) {
    let (parent, last) = pointer.rsplit_once('/').unwrap();
    match record.pointer_mut(parent).unwrap() {
        Value::Object(fields) => _ = fields.insert(last.to_owned(), new),
        Value::Array(items) => items[last.parse::<usize>().unwrap()] = new,
        other => panic!("{pointer} in {other}"),
    }
}

fn take_out(record: &mut Value, pointer: &str) {
    let (parent, last) = pointer.rsplit_once('/').unwrap();
    match record.pointer_mut(parent).unwrap() {
        Value::Object(fields) => assert!(fields.shift_remove(last).is_some(), "{pointer}"),
        Value::Array(items) => _ = items.remove(last.parse().unwrap()),
        other => panic!("{pointer} in {other}"),
    }
}

/// The line of a field's value, or of the nearest enclosing value.
fn line_of(text: &str, field: &str) -> usize {
    const HERE: &str = "⚑ here";
    let mut record: Value = serde_json::from_str(text).unwrap();
    assert_eq!(pretty(&record).trim_end(), text.trim_end(), "the lines would be others");
    let mut pointer = pointer(field);
    while record.pointer(&pointer).is_none() {
        pointer.truncate(pointer.rfind('/').unwrap());
    }
    if pointer.is_empty() {
        return 1;
    }
    *record.pointer_mut(&pointer).unwrap() = HERE.into();
    pretty(&record).lines().position(|line| line.contains(HERE)).unwrap() + 1
}

/// Rule, file and place of every finding.
fn check(desk: &Desk) -> Vec<Found> {
    let found = findings(desk, NOW).into_iter();
    let found =
        found.map(|one| Found { rule: one.rule, file: one.file, field: one.field, line: one.line });
    found.collect()
}

/// Applies one mutation to a fresh copy; returns the deviation from the expected result.
fn attempt(mutation: &Mutation, usual: &[Found]) -> Option<String> {
    let desk = Desk::samples();
    let path = |file: &str| format!("records/{file}.json");
    let name = path(&mutation.file);
    let old = desk.read(&name);
    let (new, line) = mutation.done_to(&old);
    assert_ne!(new.trim_end(), old.trim_end(), "nothing changes: {mutation:?}");
    desk.write(&name, new);
    let (file, field) = &mutation.found;
    let line = line.unwrap_or_else(|| line_of(&desk.read(&path(file)), field));
    let wanted = Found { rule: mutation.rule, file: file.clone(), field: field.clone(), line };
    let mut usual = usual.to_vec();
    let mut found = check(&desk);
    found.retain(|one| match usual.iter().position(|other| other.same(one)) {
        Some(at) => {
            usual.remove(at);
            false
        }
        None => true,
    });
    (found != [wanted.clone()])
        .then(|| format!("{mutation:?}\n  wanted {wanted:?}\n  found  {found:?}\n"))
}

fn mutations() -> Vec<Mutation> {
    let each = |row: &'static Row| row.places.iter().map(move |place| Mutation::new(row, place));
    texts::ROWS.iter().chain(records::ROWS).flat_map(each).collect()
}

#[test]
fn the_table_is_large_enough() {
    let mutations = mutations();
    assert!(mutations.len() >= 200, "{}", mutations.len());
    let rules: BTreeSet<&str> = mutations.iter().map(|mutation| mutation.rule).collect();
    assert!(rules.len() >= 60, "{}", rules.len());
}

#[test]
fn every_mutation_is_found_at_its_place_without_other_findings() {
    let (mutations, usual) = (mutations(), check(&Desk::samples()));
    let tried = parallel::map(mutations.iter().collect(), 2, |mutation| attempt(mutation, &usual));
    let failed: Vec<String> = tried.into_iter().flatten().collect();
    assert!(failed.is_empty(), "{} of {}:\n{}", failed.len(), mutations.len(), failed.join("\n"));
}
