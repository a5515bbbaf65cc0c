//! The language of the person who reads a problem.

/// Chinese or English; both texts are always sent, this chooses the plain `title` and `detail`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// 中文, when nothing else is asked for.
    #[default]
    Chinese,
    /// English.
    English,
}

impl Language {
    /// The better liked of the two in an `Accept-Language` header.
    #[must_use]
    pub fn accepted(header: &str) -> Self {
        let mut best: Option<(Self, f32)> = None;
        for part in header.split(',') {
            let (tag, rest) = part.split_once(';').unwrap_or((part, ""));
            let quality = rest
                .trim()
                .strip_prefix("q=")
                .map_or(Some(1.0), |q| q.trim().parse().ok());
            let primary = tag
                .trim()
                .split('-')
                .next()
                .unwrap_or_default()
                .to_ascii_lowercase();
            let language = match primary.as_str() {
                "en" => Self::English,
                "zh" | "*" => Self::Chinese,
                _ => continue,
            };
            let Some(quality) = quality.filter(|q| *q > 0.0) else {
                continue;
            };
            if best.is_none_or(|(_, so_far)| quality > so_far) {
                best = Some((language, quality));
            }
        }
        best.map_or_else(Self::default, |(language, _)| language)
    }

    /// The tag for `Content-Language`.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::Chinese => "zh-CN",
            Self::English => "en",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Language::{self, Chinese, English};

    #[test]
    fn the_better_liked_wins() {
        let cases = [
            ("", Chinese),
            ("en", English),
            ("en-GB,en;q=0.9", English),
            ("zh-CN,zh;q=0.9,en;q=0.8", Chinese),
            ("en;q=0.5, zh;q=0.6", Chinese),
            ("fr, en;q=0.1", English),
            ("en;q=0", Chinese),
            ("en;q=broken", Chinese),
            ("*", Chinese),
            (",;,=", Chinese),
        ];
        for (header, expected) in cases {
            assert_eq!(Language::accepted(header), expected, "{header}");
        }
    }
}
