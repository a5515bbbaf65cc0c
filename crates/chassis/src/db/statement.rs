//! Statements written as SQL that are prepared once a connection. `diesel::sql_query` prepares anew at every call.

use std::marker::PhantomData;

use diesel::{
    QueryResult,
    pg::Pg,
    query_builder::{AstPass, Query, QueryFragment, QueryId},
    serialize::ToSql,
    sql_types::{HasSqlType, Untyped},
};

/// A statement with its values. Results are read by name, as with `sql_query`.
pub struct Statement<'a> {
    sql: &'static str,
    values: Vec<Box<dyn Value + Send + 'a>>,
}

/// A statement whose values are bound in the order `$1`, `$2`, …; the text must be a constant.
#[must_use]
pub fn statement<'a>(sql: &'static str) -> Statement<'a> {
    Statement {
        sql,
        values: Vec::new(),
    }
}

impl<'a> Statement<'a> {
    /// Binds the next value as SQL type `S`.
    #[must_use]
    pub fn bind<S, T>(mut self, value: T) -> Self
    where
        Pg: HasSqlType<S>,
        T: ToSql<S, Pg> + Send + 'a,
        S: Send + 'a,
    {
        self.values.push(Box::new(Typed {
            value,
            sql_type: PhantomData::<S>,
        }));
        self
    }
}

trait Value {
    fn push<'b>(&'b self, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()>;
}

struct Typed<S, T> {
    value: T,
    sql_type: PhantomData<S>,
}

impl<S, T> Value for Typed<S, T>
where
    Pg: HasSqlType<S>,
    T: ToSql<S, Pg>,
{
    fn push<'b>(&'b self, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_bind_param_value_only(&self.value)
    }
}

impl QueryFragment<Pg> for Statement<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(self.sql);
        self.values
            .iter()
            .try_for_each(|value| value.push(&mut out))
    }
}

impl QueryId for Statement<'_> {
    type QueryId = ();

    // The cache is keyed by the text and the types of the values.
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for Statement<'_> {
    type SqlType = Untyped;
}
