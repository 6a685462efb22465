//! Limits of numbers and lists in records, checked while reading and published in the JSON
//! Schema.

use schemars::Schema;
use schemars::transform::{RecursiveTransform, Transform};
use serde::de::{Deserialize, Deserializer, Error};
use serde_json::Value;

/// Maximum number of items of any list in a record.
pub const LIST_LIMIT: usize = 10_000;

/// Lists with a lower limit, because each item is combined with each of another list:
/// Finland has some 300 municipalities, and a table of priorities and service areas has a
/// cell for each pair.
const SHORT_LISTS: [(&str, usize); 7] = [
    ("municipalities", 500),
    ("groups", 300),
    ("priorities", 40),
    ("service_areas", 40),
    ("sections", 500),
    ("highlights", 1000),
    ("accept", 1000),
];

/// The lowest of these limits.
pub fn least() -> usize {
    SHORT_LISTS.iter().map(|(_, most)| *most).fold(LIST_LIMIT, usize::min)
}

/// Maximum number of items of the list in this field.
pub fn list_limit(name: &str) -> usize {
    let short = SHORT_LISTS.iter().find(|(list, _)| *list == name);
    short.map_or(LIST_LIMIT, |(_, most)| *most)
}

/// Adds the maximum length of each list to a schema.
pub fn add_list_limits(schema: &mut Schema) {
    let mut limit = RecursiveTransform(|part: &mut Schema| {
        let fields = part.get_mut("properties").and_then(Value::as_object_mut);
        for (name, field) in fields.into_iter().flatten() {
            if field.get("type").is_some_and(may_be_list)
                && let Some(field) = field.as_object_mut()
            {
                field.entry("maxItems").or_insert(list_limit(name).into());
            }
        }
    });
    limit.transform(schema);
}

fn may_be_list(sort: &Value) -> bool {
    match sort {
        Value::Array(sorts) => sorts.iter().any(|one| one == "array"),
        one => one == "array",
    }
}

/// Deserializes an integer from `MIN` to `MAX`.
pub fn within<'de, const MIN: i64, const MAX: i64, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: Deserialize<'de> + TryInto<i64> + Copy,
    D: Deserializer<'de>,
{
    let value = T::deserialize(deserializer)?;
    let inside = value.try_into().is_ok_and(|value: i64| (MIN..=MAX).contains(&value));
    if inside { Ok(value) } else { Err(D::Error::custom(format!("must be from {MIN} to {MAX}"))) }
}

/// As [`within`], for an optional field.
pub fn within_option<'de, const MIN: i64, const MAX: i64, T, D>(
    deserializer: D,
) -> Result<Option<T>, D::Error>
where
    T: Deserialize<'de> + TryInto<i64> + Copy,
    D: Deserializer<'de>,
{
    let value = Option::<T>::deserialize(deserializer)?;
    let inside =
        value.is_none_or(|value| value.try_into().is_ok_and(|v: i64| (MIN..=MAX).contains(&v)));
    if inside { Ok(value) } else { Err(D::Error::custom(format!("must be from {MIN} to {MAX}"))) }
}

/// Deserializes a list that is not empty.
pub fn not_empty<'de, T, D>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    let list = Vec::<T>::deserialize(deserializer)?;
    if list.is_empty() { Err(D::Error::custom("must not be empty")) } else { Ok(list) }
}
