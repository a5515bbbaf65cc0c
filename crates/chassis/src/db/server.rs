//! What a PostgreSQL server must be like for this release.

use tokio_postgres::Client;

use super::MigrateError;

/// Oldest PostgreSQL that is tested, as it counts its versions.
const MINIMUM: i32 = 150_000;

/// Whether the server is new enough.
///
/// # Errors
/// [`MigrateError::OldServer`], or that the server did not answer.
pub(super) async fn check_version(client: &Client) -> Result<(), MigrateError> {
    let sql =
        "SELECT current_setting('server_version_num')::integer, current_setting('server_version')";
    let row = client.query_one(sql, &[]).await.map_err(failed)?;
    new_enough(row.get(0), row.get(1))
}

/// Whether the server is new enough, and speaks to this role so that faults that pass are recognised: diesel does not tell the
/// SQLSTATE, only the message.
///
/// # Errors
/// [`MigrateError::OldServer`], [`MigrateError::Messages`], or that the server did not answer.
pub(super) async fn check(client: &Client) -> Result<(), MigrateError> {
    check_version(client).await?;
    let sql = "SELECT current_setting('lc_messages'), current_user::text";
    let row = client.query_one(sql, &[]).await.map_err(failed)?;
    in_english(row.get(0), row.get(1))
}

fn new_enough(number: i32, found: &str) -> Result<(), MigrateError> {
    if number < MINIMUM {
        return Err(MigrateError::OldServer {
            found: found.to_owned(),
        });
    }
    Ok(())
}

fn in_english(language: &str, role: &str) -> Result<(), MigrateError> {
    let territory = language.split(['.', '_', '@']).next().unwrap_or_default();
    if ["C", "POSIX", "en"].contains(&territory) {
        return Ok(());
    }
    Err(MigrateError::Messages {
        role: role.to_owned(),
        found: language.to_owned(),
    })
}

fn failed(error: tokio_postgres::Error) -> MigrateError {
    MigrateError::Sql {
        schema: String::new(),
        text: error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::{in_english, new_enough};

    #[test]
    fn versions() {
        for good in [150_000, 150_019, 160_002, 180_000] {
            assert!(new_enough(good, "x").is_ok(), "{good}");
        }
        for bad in [0, 90_624, 140_022] {
            let refused = new_enough(bad, "14.22").unwrap_err().to_string();
            assert!(refused.contains("14.22"), "{refused}");
        }
    }

    #[test]
    fn languages() {
        for good in ["C", "C.UTF-8", "POSIX", "en_US.UTF-8", "en_GB", "en"] {
            assert!(in_english(good, "x").is_ok(), "{good}");
        }
        for bad in ["zh_CN.UTF-8", "Chinese_China.936", "de_DE@euro", "", "C1"] {
            let refused = in_english(bad, "fengqiao_intake").unwrap_err().to_string();
            assert!(refused.contains("fengqiao_intake"), "{refused}");
        }
    }
}
