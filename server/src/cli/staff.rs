//! `kopeck staff`: the first people of a lender's staff, added at the console of its server.

use cabinet::CabinetError;
use cabinet::staff::{self, Role};
use clap::builder::PossibleValuesParser;
use clap::{Args, Subcommand};

use super::Failure;
use super::books::BooksArgs;
use crate::gateways::{self, GatewayConfig};

/// What can be done about the staff at the console.
#[derive(Debug, Subcommand)]
pub enum StaffCommand {
    /// Add somebody; prints the password of the first sign-in and the link for an authenticator app, once.
    ///
    /// At the workplace a role is given by two chiefs, so a new lender adds two.
    Add(AddArgs),
}

/// Whom to add.
#[derive(Debug, Args)]
pub struct AddArgs {
    /// What they come in by: three to forty letters, digits, dots and hyphens.
    login: String,
    /// What colleagues call them.
    #[arg(long)]
    name: String,
    /// What they are there for; may be repeated.
    #[arg(long = "role", required = true, value_parser = roles())]
    roles: Vec<String>,
    #[command(flatten)]
    books: BooksArgs,
}

fn roles() -> PossibleValuesParser {
    PossibleValuesParser::new(Role::ALL.iter().map(|role| role.code()))
}

/// Does it.
pub async fn run(command: StaffCommand) -> Result<String, Failure> {
    let StaffCommand::Add(args) = command;
    let (ports, _) = gateways::offline(&GatewayConfig::default()).map_err(Failure::wrong)?;
    let cabinet = args.books.open(ports).await?;
    let given: Vec<Role> = args
        .roles
        .iter()
        .filter_map(|code| Role::from_code(code))
        .collect();
    let welcome = staff::add(&cabinet, &args.login, &args.name, &given)
        .await
        .map_err(|refusal| Failure::wrong(explained(&refusal)))?;
    Ok(format!(
        "login: {}\npassword: {}\nauthenticator: {}\nThe first sign-in asks for another password. \
         Nothing of this can be printed again.",
        welcome.login, welcome.password, welcome.authenticator
    ))
}

fn explained(refusal: &CabinetError) -> String {
    let CabinetError::Fields(fields) = refusal else {
        return refusal.to_string();
    };
    let said = fields.iter().map(|field| match field.code {
        "staff_login" => "the login takes 3 to 40 latin letters, digits, dots, hyphens".to_owned(),
        "staff_login_taken" => "somebody has this login; choose another".to_owned(),
        other => format!("{}: {other}", field.field),
    });
    said.collect::<Vec<_>>().join("; ")
}
