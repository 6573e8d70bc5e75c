//! The lives of a demo's borrowers: who they are, what becomes of each loan, and the steps that lead there.

use std::collections::BTreeMap;

use cabinet::access::{self, Entered, Solved, Verified};
use cabinet::application::{self, Choice};
use cabinet::payment::{self, PayAmount, StartPayment};
use cabinet::ports::PayMethod;
use cabinet::profile::{self, Step};
use cabinet::request::{self, Asked};
use cabinet::{
    BorrowerId, Cabinet, CabinetError, ContractId, Lang, LoanId, Origin, Result, agent, bonus,
    loan, outbox, payout, prolongation, refund,
};
use chrono::TimeDelta;
use lending::Kopecks;
use rand::RngExt as _;
use rand::rngs::StdRng;
use uuid::Uuid;

use super::around::{Around, CameBy};
use super::world::Outside;

/// What becomes of somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Repays on the last day.
    OnTime,
    /// Repays ahead of it.
    Early,
    /// Repays days after it.
    Late,
    /// Has repaid a part.
    Partial,
    /// Has prolonged.
    Prolonged,
    /// Does not repay.
    Never,
    /// Has paid twice and asks for the surplus.
    Twice,
    /// Has repaid and wants the cabinet closed.
    Leaves,
    /// Has lost the phone.
    LostPhone,
    /// Waits for a specialist.
    Specialist,
    /// Was refused.
    Refused,
    /// Has not signed.
    Offered,
}

const LIVED: [Fate; 9] = [
    Fate::OnTime,
    Fate::Early,
    Fate::Late,
    Fate::Partial,
    Fate::Prolonged,
    Fate::Never,
    Fate::Twice,
    Fate::Leaves,
    Fate::LostPhone,
];
/// How often each of them is, of a hundred.
const WEIGHTS: [u32; 9] = [30, 22, 12, 8, 10, 10, 3, 3, 2];
/// Those without a loan, after each ten with one.
const WITHOUT: [Fate; 3] = [Fate::Specialist, Fate::Refused, Fate::Offered];

/// Somebody of the demo.
pub struct Person {
    number: u32,
    /// Whose device they sit at.
    device: u32,
    /// Days before the last one on which they come.
    pub begins: u32,
    fate: Fate,
    amount: Kopecks,
    term: u32,
    borrower: Option<BorrowerId>,
    loan: Option<LoanId>,
    done: bool,
}

/// Everybody: `loans` with a loan of every fate, and a few without.
pub fn everybody(loans: u32, span: u32, chance: &mut StdRng) -> Vec<Person> {
    let mut people = Vec::new();
    let mut add = |fate: Fate, chance: &mut StdRng| {
        let number = u32::try_from(people.len()).unwrap_or(0) + 1;
        let recent = WITHOUT.contains(&fate) || fate == Fate::LostPhone;
        let most = if recent { 3 } else { span };
        people.push(Person {
            number,
            device: number,
            begins: chance.random_range(1..=most.max(1)),
            fate,
            amount: Kopecks::from_roubles(i64::from(chance.random_range(6_u32..=58)) * 500),
            term: chance.random_range(7..=30),
            borrower: None,
            loan: None,
            done: false,
        });
    };
    for n in 0..loans {
        // Each fate once, then by weight.
        let fate = LIVED.get(usize::try_from(n).unwrap_or(usize::MAX));
        let fate = fate.copied().unwrap_or_else(|| weighted(chance));
        add(fate, chance);
        if n % 10 == 9 {
            let which = usize::try_from(n / 10).unwrap_or(0) % WITHOUT.len();
            add(WITHOUT[which], chance);
        }
    }
    people
}

fn weighted(chance: &mut StdRng) -> Fate {
    let mut left = chance.random_range(0..WEIGHTS.iter().sum::<u32>());
    for (fate, weight) in LIVED.into_iter().zip(WEIGHTS) {
        if left < weight {
            return fate;
        }
        left -= weight;
    }
    Fate::OnTime
}

impl Person {
    fn phone(&self) -> String {
        format!("7901{:07}", self.number)
    }

    fn origin(&self) -> Origin {
        Origin {
            ip: format!("198.51.{}.{}", self.number / 250, self.number % 250 + 1),
            user_agent: "demo".to_owned(),
            device: Some(format!("the device of person {}", self.device)),
        }
    }

    fn passport(&self) -> String {
        format!("4510{:06}", 200_000 + self.number)
    }

    fn birth(&self) -> String {
        format!("12.05.{}", 1985 + self.number % 10)
    }

    /// The first day: from the phone's code to the money, or as far as the fate goes.
    pub async fn begin(
        &mut self,
        cab: &Cabinet,
        world: &Outside,
        around: &mut Around,
    ) -> Result<()> {
        let (came_by, device) = around.way(cab, self.number).await?;
        self.device = device;
        let borrower = self.registered(cab, world, came_by).await?;
        self.borrower = Some(borrower);
        let choice = Choice {
            product: "short".to_owned(),
            amount: self.amount,
            term: self.term,
        };
        application::choose(cab, borrower, choice).await?;
        world.score(match self.fate {
            Fate::Specialist => 350,
            Fate::Refused => 200,
            _ => 700,
        });
        application::submit(cab, borrower, Uuid::new_v4()).await?;
        rest(cab).await?;
        let view = application::latest(cab, borrower).await?;
        let Some(contract) = view.and_then(|view| view.contract) else {
            self.done = true;
            return Ok(());
        };
        if self.fate == Fate::Offered {
            self.done = true;
            return Ok(());
        }
        self.sign(cab, world, borrower, contract).await?;
        around.lent(cab, borrower, self.number).await
    }

    /// Who has a loan, and which.
    pub fn lent(&self) -> Option<(BorrowerId, LoanId)> {
        self.borrower.zip(self.loan)
    }

    async fn registered(
        &self,
        cab: &Cabinet,
        world: &Outside,
        came_by: CameBy,
    ) -> Result<BorrowerId> {
        let (phone, origin) = (self.phone(), self.origin());
        let sent = access::request_code(cab, &phone, &origin, Lang::Ru, &Solved::default()).await?;
        rest(cab).await?;
        let code = world.code(&phone).unwrap_or_default();
        let verified = access::verify(cab, sent.code, &code, &origin).await?;
        let Verified::In(Entered { borrower, .. }) = verified else {
            return Err(CabinetError::internal(
                "somebody of the demo was not let in",
            ));
        };
        match came_by {
            CameBy::Agent(kept) => agent::attribute(cab, borrower, &kept).await.map(drop)?,
            CameBy::Friend(code) => bonus::came(cab, borrower, &code).await.map(drop)?,
            CameBy::Themselves => {}
        }
        for (step, values) in self.answers() {
            profile::save(cab, borrower, step, values, self.origin(), self.amount).await?;
        }
        Ok(borrower)
    }

    fn answers(&self) -> Vec<(Step, BTreeMap<String, String>)> {
        const FIRST: [&str; 6] = ["Анна", "Мария", "Ольга", "Елена", "Ирина", "Вера"];
        const LAST: [&str; 6] = [
            "Демина",
            "Примерова",
            "Образцова",
            "Тестова",
            "Пробная",
            "Учебная",
        ];
        const TOWNS: [&str; 4] = ["Москва", "Тула", "Казань", "Омск"];
        let pick = |list: &[&str], by: u32| {
            let place = usize::try_from(self.number / by).unwrap_or(0) % list.len();
            list[place].to_owned()
        };
        let map = |pairs: &[(&str, &str)]| {
            let pairs = pairs
                .iter()
                .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
            pairs.collect::<BTreeMap<_, _>>()
        };
        let (last, first) = (pick(&LAST, 6), pick(&FIRST, 1));
        let issued = format!("20.06.{}", 2005 + self.number % 10);
        let income = (60_000 + (self.number % 9) * 10_000).to_string();
        let email = format!("demo{}@example.org", self.number);
        vec![
            (Step::Agreement, map(&[("agreement_esign", "yes")])),
            (
                Step::Person,
                map(&[
                    ("last_name", &last),
                    ("first_name", &first),
                    ("middle_name", "Петровна"),
                    ("birth_date", &self.birth()),
                    ("sex", "female"),
                ]),
            ),
            (
                Step::Passport,
                map(&[
                    ("passport", &self.passport()),
                    ("passport_code", "770-001"),
                    ("passport_issuer", "ОВД района Арбат города Москвы"),
                    ("passport_date", &issued),
                    ("birth_place", "город Москва"),
                    ("citizenship", "Россия"),
                    ("inn", &inn(self.number)),
                    ("public_official", "no"),
                ]),
            ),
            (
                Step::Address,
                map(&[
                    ("region", "77"),
                    ("city", &pick(&TOWNS, 1)),
                    ("street", "Арбат"),
                    ("house", "1"),
                    ("flat", &self.number.to_string()),
                ]),
            ),
            (
                Step::Work,
                map(&[
                    ("employer", "ООО «Ромашка»"),
                    ("position", "бухгалтер"),
                    ("income", &income),
                    ("expenses", "30000"),
                    ("obligations", "0"),
                    ("email", &email),
                ]),
            ),
            (
                Step::Consents,
                map(&[("consent_personal_data", "yes"), ("consent_bureau", "yes")]),
            ),
        ]
    }

    async fn sign(
        &mut self,
        cab: &Cabinet,
        world: &Outside,
        borrower: BorrowerId,
        contract: ContractId,
    ) -> Result<()> {
        let page = payout::start_binding(cab, borrower, "/cards/return").await?;
        let card = page.rsplit_once("card=").map_or("", |(_, card)| card);
        let card = card.parse().map_err(CabinetError::internal)?;
        let card = payout::finish_binding(cab, borrower, card).await?.id;
        let from = self.origin();
        application::prepare(
            cab,
            borrower,
            contract,
            Some(false),
            Some(card),
            &from,
            Lang::Ru,
        )
        .await?;
        rest(cab).await?;
        let code = world.code(&self.phone()).unwrap_or_default();
        application::sign(cab, borrower, contract, &code, &from).await?;
        rest(cab).await?;
        self.loan = application::offer(cab, borrower, contract).await?.loan;
        Ok(())
    }

    /// A later day, `day` days after the first.
    pub async fn live(&mut self, day: u32, cab: &Cabinet, world: &Outside) -> Result<()> {
        let (Some(borrower), Some(id), false) = (self.borrower, self.loan, self.done) else {
            return Ok(());
        };
        let due = self.term;
        let today = match self.fate {
            Fate::OnTime | Fate::Leaves => day == due,
            Fate::Early | Fate::Twice | Fate::Partial => day == due / 2 + 1,
            Fate::Late => day == due + 5 + self.number % 20,
            Fate::Prolonged => day == due.saturating_sub(1),
            Fate::LostPhone => day == 1,
            Fate::Never | Fate::Specialist | Fate::Refused | Fate::Offered => false,
        };
        if !today {
            return Ok(());
        }
        self.done = true;
        match self.fate {
            Fate::Partial => {
                let part = Kopecks::from_roubles(1_000);
                pay(cab, world, borrower, id, PayAmount::Sum(part)).await
            }
            Fate::Prolonged => self.prolong(cab, world, borrower, id).await,
            Fate::Twice => self.pay_twice(cab, world, borrower, id).await,
            Fate::LostPhone => self.lose_phone(cab, world).await,
            Fate::Leaves => {
                pay(cab, world, borrower, id, PayAmount::Payoff).await?;
                request::ask_closing(cab, borrower, true, Lang::Ru)
                    .await
                    .map(drop)
            }
            _ => pay(cab, world, borrower, id, PayAmount::Payoff).await,
        }
    }

    async fn prolong(
        &self,
        cab: &Cabinet,
        world: &Outside,
        borrower: BorrowerId,
        id: LoanId,
    ) -> Result<()> {
        let from = self.origin();
        let agreed = prolongation::prepare(cab, borrower, id, 14, &from, Lang::Ru).await?;
        rest(cab).await?;
        let code = world.code(&self.phone()).unwrap_or_default();
        let signed = prolongation::sign(cab, borrower, agreed, &code, &from).await?;
        if let Some(payment) = signed.payment {
            world.pay(payment);
            payment::view(cab, borrower, payment).await?;
        }
        Ok(())
    }

    /// A payment that was given up is taken by the bank after all.
    async fn pay_twice(
        &self,
        cab: &Cabinet,
        world: &Outside,
        borrower: BorrowerId,
        id: LoanId,
    ) -> Result<()> {
        let first = payment::start(cab, borrower, wish(id, PayAmount::Payoff)).await?;
        payment::not_paid(cab, borrower, first.payment).await?;
        pay(cab, world, borrower, id, PayAmount::Payoff).await?;
        world.pay(first.payment);
        world.pass(TimeDelta::minutes(10));
        payment::poll(cab).await?;
        refund::ask(cab, borrower, id, Uuid::new_v4())
            .await
            .map(drop)
    }

    async fn lose_phone(&self, cab: &Cabinet, world: &Outside) -> Result<()> {
        let (old, new) = (self.phone(), format!("7902{:07}", self.number));
        let asked = Asked {
            old_phone: &old,
            new_phone: &new,
            passport: &self.passport(),
            birth_date: &self.birth(),
        };
        let mut from = self.origin();
        from.device = Some(format!("the new device of person {}", self.number));
        let sent = request::ask(cab, asked, &from, Lang::Ru, &Solved::default()).await?;
        rest(cab).await?;
        let code = world.code(&new).unwrap_or_default();
        access::verify(cab, sent.code, &code, &from).await.map(drop)
    }

    /// What the loan has come to, for the summary.
    pub async fn state(&self, cab: &Cabinet) -> Result<&'static str> {
        let (Some(borrower), Some(id)) = (self.borrower, self.loan) else {
            return Ok(match self.fate {
                Fate::Specialist => "waiting for a specialist",
                Fate::Refused => "refused",
                _ => "offered",
            });
        };
        let view = loan::view(cab, borrower, id, None).await?;
        Ok(match view.state.status {
            lending::Status::Closed => "closed",
            _ if view.state.late_since.is_some() => "late",
            _ => "open",
        })
    }
}

fn wish(loan: LoanId, amount: PayAmount) -> StartPayment {
    StartPayment {
        loan,
        amount,
        method: PayMethod::Card,
        key: Uuid::new_v4(),
    }
}

async fn pay(
    cab: &Cabinet,
    world: &Outside,
    borrower: BorrowerId,
    id: LoanId,
    amount: PayAmount,
) -> Result<()> {
    let started = payment::start(cab, borrower, wish(id, amount)).await?;
    world.pay(started.payment);
    payment::view(cab, borrower, started.payment)
        .await
        .map(drop)
}

/// Lets the worker do everything that is due.
pub async fn rest(cab: &Cabinet) -> Result<()> {
    while outbox::run_due(cab).await? > 0 {}
    Ok(())
}

/// Twelve digits with the two right check digits.
fn inn(number: u32) -> String {
    const FIRST: [u32; 10] = [7, 2, 4, 10, 3, 5, 9, 4, 6, 8];
    const SECOND: [u32; 11] = [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8];
    let mut digits: Vec<u32> = format!("7701{number:06}")
        .chars()
        .filter_map(|digit| digit.to_digit(10))
        .collect();
    for weights in [&FIRST[..], &SECOND[..]] {
        let sum: u32 = weights
            .iter()
            .zip(&digits)
            .map(|(weight, digit)| weight * digit)
            .sum();
        digits.push(sum % 11 % 10);
    }
    digits.iter().map(ToString::to_string).collect()
}
