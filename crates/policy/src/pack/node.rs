//! A YAML tree that remembers where every value stands, before and after layers are merged.

use std::{fmt, sync::Arc};

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use serde_saphyr::Spanned;

use super::error::{PackError, PackErrorKind};

/// Where a value stands.
#[derive(Debug, Clone)]
pub(super) struct At {
    pub file: Arc<str>,
    pub line: u32,
}

impl At {
    pub fn error(
        &self,
        kind: PackErrorKind,
        path: impl Into<String>,
        reason: impl Into<String>,
    ) -> PackError {
        PackError {
            file: self.file.to_string(),
            line: self.line,
            path: path.into(),
            kind,
            reason: reason.into(),
        }
    }
}

/// A value and its place.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub at: At,
    pub content: Content,
}

#[derive(Debug, Clone)]
pub(super) enum Content {
    Scalar(Value),
    List(Vec<Node>),
    Map(Vec<Entry>),
}

#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub key: String,
    pub at: At,
    pub value: Node,
}

impl Node {
    /// Parses one file.
    pub fn parse(file: &str, text: &str) -> Result<Self, PackError> {
        let options = serde_saphyr::options! {
            strict_booleans: true,
        };
        let at = At {
            file: Arc::from(file),
            line: 1,
        };
        match serde_saphyr::from_str_with_options::<Spanned<Tree>>(text, options) {
            Ok(tree) => Ok(tree.value.place(line(tree.referenced.line()), &at.file)),
            Err(error) => {
                let place = At {
                    line: error.location().map_or(1, |location| line(location.line())),
                    file: at.file,
                };
                let reason = error.without_snippet().to_string();
                Err(place.error(PackErrorKind::Yaml, "", reason))
            }
        }
    }

    /// The value alone.
    pub fn to_json(&self) -> Value {
        match &self.content {
            Content::Scalar(value) => value.clone(),
            Content::List(items) => Value::Array(items.iter().map(Self::to_json).collect()),
            Content::Map(entries) => Value::Object(
                entries
                    .iter()
                    .map(|entry| (entry.key.clone(), entry.value.to_json()))
                    .collect::<Map<_, _>>(),
            ),
        }
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The entry of a key.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        match &self.content {
            Content::Map(entries) => entries.iter().find(|entry| entry.key == key),
            _ => None,
        }
    }

    /// The items of a list; none for anything else.
    pub fn items(&self) -> &[Node] {
        match &self.content {
            Content::List(items) => items,
            _ => &[],
        }
    }

    /// The text of a string.
    pub fn text(&self) -> Option<&str> {
        match &self.content {
            Content::Scalar(Value::String(text)) => Some(text),
            _ => None,
        }
    }

    /// What identifies a list item: its `id`, else its `code`, else its `route`.
    pub fn identity(&self) -> Option<&str> {
        ["id", "code", "route"]
            .iter()
            .find_map(|key| self.get(key).and_then(Self::text))
    }

    /// The child by key, by position in a list, or by the identity of a list item.
    pub fn child(&self, segment: &str) -> Option<&Node> {
        match &self.content {
            Content::Scalar(_) => None,
            Content::Map(_) => self.get(segment),
            Content::List(items) => segment
                .parse::<usize>()
                .ok()
                .and_then(|index| items.get(index))
                .or_else(|| items.iter().find(|item| item.identity() == Some(segment))),
        }
    }

    /// Follows segments as far as they lead; the readable path and the last node found.
    pub fn walk<'a>(&self, segments: impl IntoIterator<Item = &'a str>) -> (String, &Node) {
        let mut path = String::new();
        let mut node = self;
        for segment in segments {
            let Some(child) = node.child(segment) else {
                path.push('/');
                path.push_str(segment);
                break;
            };
            let shown = match &node.content {
                Content::List(_) => child.identity().unwrap_or(segment),
                _ => segment,
            };
            path.push('/');
            path.push_str(shown);
            node = child;
        }
        (path, node)
    }
}

fn line(line: u64) -> u32 {
    u32::try_from(line).unwrap_or(u32::MAX).max(1)
}

/// The tree as it is read; [`Spanned`] is the YAML library's.
enum Tree {
    Scalar(Value),
    List(Vec<Spanned<Tree>>),
    Map(Vec<(Spanned<String>, Spanned<Tree>)>),
}

impl Tree {
    fn place(self, at_line: u32, file: &Arc<str>) -> Node {
        let at = |line| At {
            file: Arc::clone(file),
            line,
        };
        let content = match self {
            Self::Scalar(value) => Content::Scalar(value),
            Self::List(items) => Content::List(
                items
                    .into_iter()
                    .map(|item| item.value.place(line(item.referenced.line()), file))
                    .collect(),
            ),
            Self::Map(entries) => Content::Map(
                entries
                    .into_iter()
                    .map(|(key, value)| Entry {
                        at: at(line(key.referenced.line())),
                        key: key.value,
                        value: value.value.place(line(value.referenced.line()), file),
                    })
                    .collect(),
            ),
        };
        Node {
            at: at(at_line),
            content,
        }
    }
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TreeVisitor)
    }
}

struct TreeVisitor;

impl<'de> Visitor<'de> for TreeVisitor {
    type Value = Tree;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a mapping, a list or a plain value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Tree, E> {
        Ok(Tree::Scalar(Value::Bool(value)))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Tree, E> {
        Ok(Tree::Scalar(Value::from(value)))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Tree, E> {
        Ok(Tree::Scalar(Value::from(value)))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Tree, E> {
        Ok(Tree::Scalar(
            Number::from_f64(value).map_or(Value::Null, Value::Number),
        ))
    }

    fn visit_str<E>(self, value: &str) -> Result<Tree, E> {
        Ok(Tree::Scalar(Value::String(value.to_owned())))
    }

    fn visit_unit<E>(self) -> Result<Tree, E> {
        Ok(Tree::Scalar(Value::Null))
    }

    fn visit_none<E>(self) -> Result<Tree, E> {
        Ok(Tree::Scalar(Value::Null))
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Tree, D::Error> {
        Tree::deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Tree, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element()? {
            items.push(item);
        }
        Ok(Tree::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Tree, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = access.next_entry()? {
            entries.push(entry);
        }
        Ok(Tree::Map(entries))
    }
}
