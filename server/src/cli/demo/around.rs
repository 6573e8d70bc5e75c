//! What happens around the loans of a demo, so that every page and queue has something in it: agents and their clients,
//! friends, personal offers, appeals, talks with specialists.

use std::fmt::Write as _;

use cabinet::access::{self, Solved, Verified};
use cabinet::promotion::staff::{self as offers, Give};
use cabinet::staff::{Role, Staff};
use cabinet::support::chat;
use cabinet::support::{self, Asked, Kind};
use cabinet::{
    BorrowerId, Cabinet, CabinetError, Lang, LoanId, Origin, Result, agent, bonus, loan,
};
use chrono::{Datelike as _, TimeDelta};
use uuid::Uuid;

use super::draws;
use super::life::{Person, rest};
use super::world::Outside;

/// Phones and names of the agents.
const AGENTS: [(&str, &str); 2] = [
    ("79030000001", "Магазин «Пример»"),
    ("79030000002", "Мастерская на углу"),
];
/// Everybody of this many comes by an agent's link, and by a friend's code.
const BY_AGENT: u32 = 6;
const BY_FRIEND: u32 = 7;
/// Of those by a friend's code, everybody of this many sits at the friend's own device.
const OWN_DEVICE: u32 = 3;

/// What is asked in the chat.
const SAID: [&str; 3] = [
    "Здравствуйте! Когда придёт чек за платёж?",
    "Хочу вернуть раньше срока. Сколько сейчас?",
    "Не приходит СМС с кодом на новый телефон",
];

/// What goes on beside the loans.
pub struct Around {
    staff: Vec<Staff>,
    agents: Vec<(BorrowerId, String)>,
    /// The last code for friends, and the number of its owner.
    code: Option<(String, u32)>,
    friends: u32,
}

/// Which way somebody came.
pub enum CameBy {
    /// An agent's link: what the browser keeps of it.
    Agent(String),
    /// A friend's code.
    Friend(String),
    /// Neither.
    Themselves,
}

impl Around {
    /// The first day: agents are granted and agree.
    pub async fn begin(cab: &Cabinet, world: &Outside, staff: Vec<Staff>) -> Result<Self> {
        let mut around = Self {
            staff,
            agents: Vec::new(),
            code: None,
            friends: 0,
        };
        if cab.lender().agent.is_none() {
            return Ok(around);
        }
        let by = around.of(Role::Marketing)?;
        for (phone, label) in AGENTS {
            agent::grant(cab, by, phone, label, "Договор подписан, паспорт сверен").await?;
        }
        let mut agents = Vec::new();
        for (number, (phone, _)) in (1..).zip(AGENTS) {
            let from = Origin {
                ip: format!("203.0.113.{number}"),
                user_agent: "demo".to_owned(),
                device: Some(format!("the device of agent {number}")),
            };
            let owner = signed_in(cab, world, phone, &from).await?;
            agent::agree(cab, owner, true, &from).await?;
            agents.push((owner, agent::agent(cab, owner).await?.code));
        }
        around.agents = agents;
        Ok(around)
    }

    /// Somebody of the staff with a role.
    fn of(&self, role: Role) -> Result<&Staff> {
        let found = self.staff.iter().find(|one| one.roles.contains(&role));
        found.ok_or_else(|| CabinetError::internal("nobody has the role in this demo"))
    }

    /// By which way the person of a number comes, and from whose device.
    pub async fn way(&mut self, cab: &Cabinet, number: u32) -> Result<(CameBy, u32)> {
        if number.is_multiple_of(BY_AGENT) && !self.agents.is_empty() {
            let which = usize::try_from(number / BY_AGENT).unwrap_or(0) % self.agents.len();
            let kept = agent::follow(cab, &self.agents[which].1, None, false).await?;
            return Ok((kept.map_or(CameBy::Themselves, CameBy::Agent), number));
        }
        if number % BY_FRIEND == 1
            && let Some((code, owner)) = &self.code
        {
            self.friends += 1;
            let own = self.friends.is_multiple_of(OWN_DEVICE);
            return Ok((
                CameBy::Friend(code.clone()),
                if own { *owner } else { number },
            ));
        }
        Ok((CameBy::Themselves, number))
    }

    /// Somebody has a loan: they look at their code for friends.
    pub async fn lent(&mut self, cab: &Cabinet, who: BorrowerId, number: u32) -> Result<()> {
        draws::joins(cab, who, number).await?;
        let bonus = cab.lender().bonus.as_ref();
        if bonus.is_some_and(|bonus| bonus.friends.is_some()) {
            self.code = Some((bonus::invited(cab, who).await?.code, number));
        }
        Ok(())
    }

    /// What else happens on a day with so many left.
    pub async fn day(
        &self,
        cab: &Cabinet,
        world: &Outside,
        left: u32,
        all: &[Person],
    ) -> Result<()> {
        let borrowers: Vec<_> = all.iter().filter_map(Person::lent).collect();
        // The last ones have open loans, the first ones have repaid.
        match left {
            draws::ANSWERED => draws::answers(cab, self.of(Role::Marketing)?, &borrowers).await,
            6 => self.offers(cab, &borrowers).await,
            5 => self.appeals(cab, world, borrowers.iter().rev()).await,
            1 => self.payout(cab).await,
            0 => self.talks(cab, world, borrowers.iter().rev()).await,
            _ => Ok(()),
        }
    }

    /// Personal offers: one that costs much and waits, one that is taken back, others that can be used.
    async fn offers(&self, cab: &Cabinet, lent: &[(BorrowerId, LoanId)]) -> Result<()> {
        let by = self.of(Role::Marketing)?;
        for (index, (who, _)) in lent.iter().take(6).enumerate() {
            let number = loan::list(cab, *who)
                .await?
                .first()
                .map(|one| one.number.clone());
            let large = index == 0;
            let typed = Give {
                contract: number.unwrap_or_default(),
                title: "Спасибо, что вы с нами".to_owned(),
                product: "short".to_owned(),
                daily_rate: "0".to_owned(),
                max_amount: if large { "20000" } else { "5000" }.to_owned(),
                max_days: if large { "20" } else { "10" }.to_owned(),
                // The end of some is near by now.
                valid_days: if index % 2 == 0 { "30" } else { "8" }.to_owned(),
                ends_late: true,
                reason: "Долго ждали ответа специалиста".to_owned(),
                ..Give::default()
            };
            offers::give(cab, by, &typed).await?;
        }
        let given = offers::given(cab, by).await?;
        let open = given
            .iter()
            .find(|one| one.state == cabinet::promotion::State::Open);
        if let Some(one) = open {
            offers::withdraw(cab, by, &one.id, "Дано по ошибке другому человеку").await?;
        }
        Ok(())
    }

    /// Appeals of each kind a queue can hold; a question is answered by now.
    async fn appeals(
        &self,
        cab: &Cabinet,
        world: &Outside,
        mut lent: impl Iterator<Item = &(BorrowerId, LoanId)>,
    ) -> Result<()> {
        let paid = cab.today() - TimeDelta::days(1);
        let paid = format!("{:02}.{:02}.{}", paid.day(), paid.month(), paid.year());
        for (kind, text) in [
            (Kind::Question, "Можно ли поменять день платежа?"),
            (Kind::Payment, "Платёж через банк, а в кабинете его нет"),
            (Kind::Debt, "Проценты за первый день считаются или нет?"),
            (
                Kind::Complaint,
                "Звонили два раза за утро, хотя платёж завтра",
            ),
        ] {
            let Some((who, loan)) = lent.next() else {
                return Ok(());
            };
            let asked = Asked {
                cause: if kind == Kind::Complaint {
                    "contacts"
                } else {
                    ""
                }
                .to_owned(),
                loan: loan.to_string(),
                text: text.to_owned(),
                amount: "1000".to_owned(),
                paid_on: paid.clone(),
                ..Asked::default()
            };
            let id = support::ask(cab, *who, kind, &asked, Lang::Ru).await?;
            world.pass(TimeDelta::minutes(7));
            if kind == Kind::Question {
                let by = self.of(Role::Support)?;
                support::take(cab, by, id).await?;
                let text = "Да: в кабинете есть продление, новый день видно до подписи.";
                support::answer(cab, by, id, text, &[]).await?;
            }
        }
        Ok(())
    }

    /// An agent asks for what there is.
    async fn payout(&self, cab: &Cabinet) -> Result<()> {
        for ((owner, _), (_, label)) in self.agents.iter().zip(AGENTS) {
            let there = agent::overview(cab, *owner).await?.money.available;
            let least = cab
                .lender()
                .agent
                .as_ref()
                .map(cabinet::lender::AgentRules::payout_from);
            if least.is_none_or(|least| there < least) {
                continue;
            }
            let asked = agent::Asked {
                amount: there.plain(),
                name: label.to_owned(),
                account: "40802810900000000007".to_owned(),
                bic: "044525225".to_owned(),
            };
            agent::ask(cab, *owner, asked).await?;
        }
        Ok(())
    }

    /// Talks: one goes on, two wait.
    async fn talks(
        &self,
        cab: &Cabinet,
        world: &Outside,
        lent: impl Iterator<Item = &(BorrowerId, LoanId)>,
    ) -> Result<()> {
        let by = self.of(Role::Support)?;
        for (index, ((who, _), text)) in lent.zip(SAID).enumerate() {
            chat::say(cab, *who, Uuid::new_v4(), text).await?;
            world.pass(TimeDelta::seconds(40));
            if index > 0 {
                continue;
            }
            let queue = chat::queue(cab, by).await?;
            if let Some(one) = queue.iter().find(|one| one.borrower == *who) {
                chat::take(cab, by, one.id).await?;
                let text = "Здравствуйте! Чек приходит в течение дня, он уже в документах займа.";
                chat::answer(cab, by, one.id, Uuid::new_v4(), text).await?;
            }
        }
        Ok(())
    }

    /// How to come in as one of those it is about.
    pub fn sign_ins(&self, text: &mut String) {
        for (phone, _) in AGENTS.iter().take(self.agents.len()) {
            // Writing to a string never fails.
            let _ = writeln!(text, "agent: {phone} (a code by SMS)");
        }
    }
}

/// Signs somebody in by the code that came.
async fn signed_in(
    cab: &Cabinet,
    world: &Outside,
    phone: &str,
    from: &Origin,
) -> Result<BorrowerId> {
    let sent = access::request_code(cab, phone, from, Lang::Ru, &Solved::default()).await?;
    rest(cab).await?;
    let code = world.code(phone).unwrap_or_default();
    match access::verify(cab, sent.code, &code, from).await? {
        Verified::In(entered) => Ok(entered.borrower),
        _ => Err(CabinetError::internal(
            "somebody of the demo was not let in",
        )),
    }
}
