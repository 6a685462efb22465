//! The helpers that templates may call. There is no way for a helper to choose
//! a template, and every one writes text that is inert where it stands.

use handlebars::{
    Context, Handlebars, Helper, HelperResult, Output, RenderContext, RenderErrorReason,
};

use super::escape::{markup, string_literal};
use super::long::long_to_typst;
use crate::locale::Locale;

/// Registers `str`, `long`, `word` and `word_str`.
pub fn register(handlebars: &mut Handlebars<'static>, locale: Locale) {
    // {{str x}}: a string literal, for code positions
    handlebars.register_helper(
        "str",
        Box::new(
            |helper: &Helper<'_>,
             _: &Handlebars<'_>,
             _: &Context,
             _: &mut RenderContext<'_, '_>,
             out: &mut dyn Output|
             -> HelperResult { Ok(out.write(&string_literal(&text(helper, "str")?))?) },
        ),
    );
    // {{long x}}: CommonMark as content
    let long_locale = locale.clone();
    handlebars.register_helper(
        "long",
        Box::new(
            move |helper: &Helper<'_>,
                  _: &Handlebars<'_>,
                  _: &Context,
                  _: &mut RenderContext<'_, '_>,
                  out: &mut dyn Output|
                  -> HelperResult {
                Ok(out.write(&long_to_typst(&text(helper, "long")?, &long_locale))?)
            },
        ),
    );
    // {{word "memo.time"}}: a fixed word as content; {{word_str ..}} as literal
    for (name, write) in [("word", markup as fn(&str) -> String), ("word_str", string_literal)] {
        let locale = locale.clone();
        handlebars.register_helper(
            name,
            Box::new(
                move |helper: &Helper<'_>,
                      _: &Handlebars<'_>,
                      _: &Context,
                      _: &mut RenderContext<'_, '_>,
                      out: &mut dyn Output|
                      -> HelperResult {
                    let key = text(helper, "word")?;
                    let missing = || RenderErrorReason::Other(format!("there is no label `{key}`"));
                    let label = locale.labels().get(&key).ok_or_else(missing)?;
                    Ok(out.write(&write(label))?)
                },
            ),
        );
    }
}

/// The helper's one argument, which must be text or a number.
fn text(helper: &Helper<'_>, name: &'static str) -> Result<String, RenderErrorReason> {
    let value = helper.param(0).ok_or(RenderErrorReason::ParamNotFoundForIndex(name, 0))?.value();
    match value {
        serde_json::Value::String(text) => Ok(text.clone()),
        serde_json::Value::Number(number) => Ok(number.to_string()),
        other => Err(RenderErrorReason::Other(format!("`{name}` wants a text, not `{other}`"))),
    }
}
