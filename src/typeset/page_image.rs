//! Page images and their comparison: two versions of a page side by side with
//! the differences framed. Knows pixels, and no document.

use tiny_skia::{Color, IntRect, Paint, PathBuilder, Pixmap, PixmapPaint, Rect, Stroke, Transform};

use super::TypesetError;
use crate::model::Digest;

/// A rendered page.
#[derive(Debug, Clone)]
pub struct PageImage {
    pub(super) pixels: Pixmap,
    /// Its text, line by line.
    pub text: String,
}

/// Side of the squares, in pixels, that are compared as one.
const SQUARE: u32 = 12;
/// Pixels between the two pages, and around them.
const GAP: u32 = 16;

impl PageImage {
    /// Digest of the image's size and pixels.
    pub fn digest(&self) -> Digest {
        let size = [self.pixels.width().to_be_bytes(), self.pixels.height().to_be_bytes()];
        Digest::of_parts([size.concat().as_slice(), self.pixels.data()])
    }

    /// The image as PNG.
    ///
    /// # Errors
    /// When the image cannot be encoded.
    pub fn png(&self) -> Result<Vec<u8>, TypesetError> {
        png(&self.pixels)
    }
}

fn png(picture: &Pixmap) -> Result<Vec<u8>, TypesetError> {
    picture.encode_png().map_err(|error| TypesetError::PageImage(error.to_string()))
}

/// PNG of the old page on the left and the new one on the right, each with
/// frames around the differences; the place of a missing page is empty.
///
/// # Errors
/// When the image cannot be drawn.
pub fn side_by_side(
    old: Option<&PageImage>,
    new: Option<&PageImage>,
) -> Result<Vec<u8>, TypesetError> {
    let pictures = [old, new].map(|page| page.map(|page| &page.pixels));
    let size = |of: fn(&Pixmap) -> u32| pictures.iter().flatten().map(|p| of(p)).max().unwrap_or(1);
    let (width, height) = (size(Pixmap::width), size(Pixmap::height));
    let too_large = || TypesetError::PageImage("the page is too large".into());
    let mut sheet = Pixmap::new(2 * width + 3 * GAP, height + 2 * GAP).ok_or_else(too_large)?;
    sheet.fill(Color::from_rgba8(200, 204, 208, 255));
    for (index, picture) in pictures.iter().enumerate() {
        let Some(picture) = picture else { continue };
        let left = GAP + u32::try_from(index).unwrap_or(0) * (width + GAP);
        let (x, y) = (left.cast_signed(), GAP.cast_signed());
        let paint = PixmapPaint::default();
        sheet.draw_pixmap(x, y, picture.as_ref(), &paint, Transform::identity(), None);
    }
    if let [Some(old), Some(new)] = pictures {
        for area in areas(old, new) {
            frame(&mut sheet, area, GAP);
            frame(&mut sheet, area, 2 * GAP + width);
        }
    }
    png(&sheet)
}

/// Rectangles that contain all differences of two images: rows of squares, with
/// adjacent rows joined.
fn areas(old: &Pixmap, new: &Pixmap) -> Vec<IntRect> {
    let width = old.width().max(new.width());
    let height = old.height().max(new.height());
    let differs = |column: u32, row: u32| {
        let (x, y) = (column * SQUARE, row * SQUARE);
        (y..(y + SQUARE).min(height))
            .any(|y| (x..(x + SQUARE).min(width)).any(|x| old.pixel(x, y) != new.pixel(x, y)))
    };
    let columns = width.div_ceil(SQUARE);
    let mut areas: Vec<(u32, u32, u32, u32)> = Vec::new();
    for row in 0..height.div_ceil(SQUARE) {
        let there: Vec<u32> = (0..columns).filter(|column| differs(*column, row)).collect();
        let (Some(first), Some(last)) = (there.first(), there.last()) else { continue };
        match areas.last_mut() {
            Some((left, right, _, bottom)) if *bottom == row => {
                (*left, *right, *bottom) = ((*left).min(*first), (*right).max(*last + 1), row + 1);
            }
            _ => areas.push((*first, *last + 1, row, row + 1)),
        }
    }
    let pixels = |(left, right, top, bottom): (u32, u32, u32, u32)| {
        let (x, y) = ((left * SQUARE).cast_signed(), (top * SQUARE).cast_signed());
        IntRect::from_xywh(x, y, (right - left) * SQUARE, (bottom - top) * SQUARE)
    };
    areas.into_iter().filter_map(pixels).collect()
}

fn frame(sheet: &mut Pixmap, area: IntRect, left: u32) {
    let mut paint = Paint::default();
    paint.set_color_rgba8(208, 0, 48, 255);
    #[expect(clippy::cast_precision_loss, reason = "pixels of a page are far below 2^24")]
    let rect = Rect::from_xywh(
        (area.x() + left.cast_signed() - 3) as f32,
        (area.y() + GAP.cast_signed() - 3) as f32,
        (area.width() + 6) as f32,
        (area.height() + 6) as f32,
    );
    let stroke = Stroke { width: 2.0, ..Stroke::default() };
    if let Some(rect) = rect {
        let path = PathBuilder::from_rect(rect);
        sheet.stroke_path(&path, &paint, &stroke, Transform::identity(), None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(dots: &[(u32, u32)]) -> PageImage {
        let mut picture = Pixmap::new(120, 240).unwrap();
        picture.fill(Color::WHITE);
        for (x, y) in dots {
            let dot = Rect::from_xywh(*x as f32, *y as f32, 4.0, 4.0).unwrap();
            picture.fill_rect(dot, &Paint::default(), Transform::identity(), None);
        }
        PageImage { pixels: picture, text: String::new() }
    }

    #[test]
    fn differences_are_framed_and_nothing_else() {
        let (old, new) = (page(&[(2, 2)]), page(&[(2, 2), (30, 100), (60, 110), (50, 200)]));
        assert!(areas(&old.pixels, &old.pixels).is_empty());
        let found = areas(&old.pixels, &new.pixels);
        let boxes: Vec<_> = found.iter().map(|a| (a.x(), a.y(), a.width(), a.height())).collect();
        assert_eq!(boxes, [(24, 96, 48, 24), (48, 192, 12, 12)]);
        assert_ne!(old.digest(), new.digest());
        assert!(side_by_side(Some(&old), None).unwrap().starts_with(b"\x89PNG"));
    }
}
