//! What the roles of a migrated node may do: each in its own schema, and nothing outside.

use contracts::Service;
use e2e::{Mode, Settings, TestNode};

/// Everything a role may do where it should not: in another service's schema, in `public`, or to the shape of its own.
const TOO_MUCH: &str = "
    WITH services AS (SELECT unnest($1::text[]) AS schema),
    roles AS (SELECT 'fengqiao_' || schema AS role, schema AS own FROM services),
    pairs AS (SELECT role, own, nspname AS schema, n.oid FROM roles, pg_namespace n
              WHERE nspname IN (SELECT schema FROM services) OR nspname = 'public')
    SELECT role || ' may create in ' || schema FROM pairs WHERE has_schema_privilege(role, oid, 'CREATE')
    UNION ALL
    SELECT role || ' may use ' || schema FROM pairs
        WHERE schema <> own AND schema <> 'public' AND has_schema_privilege(role, oid, 'USAGE')
    UNION ALL
    SELECT role || ' may touch ' || c.oid::regclass FROM pairs JOIN pg_class c ON c.relnamespace = pairs.oid
        WHERE c.relkind IN ('r', 'p', 'v', 'm') AND schema <> own
          AND has_table_privilege(role, c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')
    UNION ALL
    SELECT role || ' may do more than work with ' || c.oid::regclass FROM pairs JOIN pg_class c ON c.relnamespace = pairs.oid
        WHERE c.relkind IN ('r', 'p') AND schema = own AND has_table_privilege(role, c.oid, 'TRUNCATE, REFERENCES, TRIGGER')";

#[tokio::test(flavor = "multi_thread")]
async fn a_services_role_reaches_its_own_schema_and_nothing_else() {
    let node = TestNode::prepare(Settings::of(Mode::One)).await.unwrap();
    let sql = node.sql().await.unwrap();
    let schemas: Vec<String> = Service::ALL
        .iter()
        .map(|service| service.as_str().replace('-', "_"))
        .collect();
    let works = "SELECT count(*) FROM unnest($1::text[]) AS s
        WHERE has_schema_privilege('fengqiao_' || s, s, 'USAGE')
          AND has_table_privilege('fengqiao_' || s, s || '.outbox', 'INSERT')";
    let working: i64 = sql.query_one(works, &[&schemas]).await.unwrap().get(0);
    assert_eq!(usize::try_from(working).unwrap(), schemas.len());
    let found = sql.query(TOO_MUCH, &[&schemas]).await.unwrap();
    let found: Vec<String> = found.iter().map(|row| row.get(0)).collect();
    assert_eq!(found, Vec::<String>::new());
}
