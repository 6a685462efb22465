//! Handlebars helpers for templates. No helper can choose a template, and each
//! writes text that is escaped for its position.

use handlebars::{
    Context, Handlebars, Helper, HelperResult, Output, RenderContext, RenderErrorReason,
};

use super::escape::{markup, string_literal};
use super::long::long_with;
use super::prose::{LongWords, prose};
use crate::locale::Locale;

/// Registers `exact`, `str`, `long`, `word` and `word_str`.
pub fn register(handlebars: &mut Handlebars<'static>, locale: Locale, long_words: LongWords) {
    // {{exact x}}: content letter by letter, with its own quotation marks
    add(handlebars, "exact", move |text| Ok(prose(text, long_words)));
    // {{str x}}: a string literal, for code positions
    add(handlebars, "str", |text| Ok(string_literal(text)));
    // {{long x}}: long text as content
    let long_locale = locale.clone();
    add(handlebars, "long", move |text| Ok(long_with(text, &long_locale, long_words)));
    // {{word "memo.time"}}: a label as content; {{word_str ..}} as a literal
    for (name, write) in [("word", markup as fn(&str) -> String), ("word_str", string_literal)] {
        let locale = locale.clone();
        add(handlebars, name, move |key| {
            let missing = || RenderErrorReason::Other(format!("there is no label `{key}`"));
            locale.labels().get(key).map(write).ok_or_else(missing)
        });
    }
}

/// Registers a helper that turns its one argument into Typst, which is written
/// without further escaping.
fn add(
    handlebars: &mut Handlebars<'static>,
    name: &'static str,
    make: impl Fn(&str) -> Result<String, RenderErrorReason> + Send + Sync + 'static,
) {
    let call = move |helper: &Helper<'_>,
                     _: &Handlebars<'_>,
                     _: &Context,
                     _: &mut RenderContext<'_, '_>,
                     out: &mut dyn Output|
          -> HelperResult { Ok(out.write(&make(&text(helper, name)?)?)?) };
    handlebars.register_helper(name, Box::new(call));
}

/// The helper's one argument, which must be text or a number.
fn text(helper: &Helper<'_>, name: &'static str) -> Result<String, RenderErrorReason> {
    let value = helper.param(0).ok_or(RenderErrorReason::ParamNotFoundForIndex(name, 0))?.value();
    match value {
        serde_json::Value::String(text) => Ok(text.clone()),
        serde_json::Value::Number(number) => Ok(number.to_string()),
        other => Err(RenderErrorReason::Other(format!("`{name}` needs a text, not `{other}`"))),
    }
}
