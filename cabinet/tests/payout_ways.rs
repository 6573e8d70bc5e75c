//! Money out by other ways than a card: whose it must be, what the other side is told, and the bank's own orders.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a story that can't go on stops; keys and addresses of tests come from the machine"
)]

mod support;

use cabinet::application::{self, ContractStatus, OfferView};
use cabinet::autopay::{self, Allowance, When};
use cabinet::payment::{self, PayAmount, StartPayment};
use cabinet::payout::{self, NewTool, PayoutKind, PayoutStatus, Which};
use cabinet::ports::{PayMethod, PayoutTo};
use cabinet::staff::{Role, Staff, audit};
use cabinet::statement::{self, Source};
use cabinet::{
    BorrowerId, CabinetError, ContractId, InstrumentId, Lang, document, loan, reconcile,
};
use chrono::Days;
use lending::Kopecks;
use support::journey::{OTHER_PHONE, PHONE, origin, roubles};
use support::{World, on_both};
use uuid::Uuid;

const OWN: &str = "40701810500000000001";
const BIC: &str = "044525225";
/// A person's account of that bank: its check digit is right.
const ACCOUNT: &str = "40817810500000000007";

fn account() -> NewTool {
    NewTool::Account {
        account: ACCOUNT.into(),
        bic: BIC.into(),
    }
}

async fn sign(
    world: &World,
    phone: &str,
    borrower: BorrowerId,
    contract: ContractId,
    tool: InstrumentId,
) {
    let (cab, from) = (&world.cab, origin());
    let chosen = Some(tool);
    application::prepare(
        cab,
        borrower,
        contract,
        Some(false),
        chosen,
        &from,
        Lang::Ru,
    )
    .await
    .unwrap();
    let code = world.code(phone).await;
    application::sign(cab, borrower, contract, &code, &from)
        .await
        .unwrap();
    world.work().await;
}

async fn offer(world: &World, borrower: BorrowerId, contract: ContractId) -> OfferView {
    application::offer(&world.cab, borrower, contract)
        .await
        .unwrap()
}

fn fields(refused: Result<InstrumentId, CabinetError>) -> Vec<(String, &'static str)> {
    let Err(CabinetError::Fields(fields)) = refused else {
        panic!("{refused:?}");
    };
    fields
        .into_iter()
        .map(|one| (one.field, one.code))
        .collect()
}

#[test]
fn the_fast_payment_system_goes_by_the_own_phone_and_names_the_person() {
    on_both(|world| async move {
        let (borrower, contract) = world.approved(PHONE, 10_000, 30).await;
        let cab = &world.cab;
        let nobody = NewTool::Sbp { bank: "1".into() };
        let refused = fields(payout::add_tool(cab, borrower, nobody).await);
        assert_eq!(refused, [("bank".to_owned(), "choose_one")]);
        let bank = payout::sbp_banks(cab).await.unwrap()[0].clone();
        let new = NewTool::Sbp {
            bank: bank.id.clone(),
        };
        let tool = payout::add_tool(cab, borrower, new.clone()).await.unwrap();
        // Pressed twice it is one.
        assert_eq!(payout::add_tool(cab, borrower, new).await.unwrap(), tool);
        assert_eq!(payout::cards(cab, borrower).await.unwrap().len(), 1);
        sign(&world, PHONE, borrower, contract, tool).await;
        let asked = world.acquirer.payouts_asked();
        let [one] = asked.as_slice() else {
            panic!("{asked:?}")
        };
        let to = PayoutTo::Sbp {
            phone: PHONE.into(),
            bank: bank.id,
        };
        assert_eq!(one.to, to);
        let named = one.recipient.clone().unwrap();
        assert_eq!(
            (
                named.last.as_str(),
                named.first.as_str(),
                named.middle.as_deref()
            ),
            ("Иванова", "Мария", Some("Петровна"))
        );
        let seen = offer(&world, borrower, contract).await;
        assert_eq!(seen.status, ContractStatus::Issued);
        let text = document::view(cab, borrower, seen.loan.unwrap(), "contract")
            .await
            .unwrap()
            .text;
        assert!(
            text.contains("через СБП") && text.contains(&bank.name),
            "{text}"
        );
        // It only receives: it can be neither charged nor allowed to autopay.
        let wish = StartPayment {
            loan: seen.loan.unwrap(),
            amount: PayAmount::Payoff,
            method: PayMethod::Card,
            key: Uuid::new_v4(),
        };
        let charged = payment::start_saved(cab, borrower, wish, tool).await;
        assert!(matches!(charged, Err(CabinetError::Fields(_))));
        let allowed = Allowance {
            card: tool,
            when: When::Before(0),
            hour: 12,
            cap_debit: roubles(20_000),
            cap_month: roubles(20_000),
            consent: true,
        };
        let agreed = autopay::agree(cab, borrower, seen.loan.unwrap(), allowed).await;
        assert!(matches!(agreed, Err(CabinetError::Fields(_))));
    });
}

#[test]
fn another_name_there_sends_nothing_and_the_borrower_chooses_anew() {
    on_both(|world| async move {
        let (borrower, contract) = world.approved(PHONE, 10_000, 30).await;
        let cab = &world.cab;
        let bank = payout::sbp_banks(cab).await.unwrap()[0].id.clone();
        let tool = payout::add_tool(cab, borrower, NewTool::Sbp { bank })
            .await
            .unwrap();
        world.acquirer.switches.lock().unwrap().refuse_payouts = true;
        sign(&world, PHONE, borrower, contract, tool).await;
        let seen = offer(&world, borrower, contract).await;
        assert_eq!(seen.status, ContractStatus::PayoutFailed);
        world.acquirer.switches.lock().unwrap().refuse_payouts = false;
        let wallet = NewTool::Wallet {
            number: "4100 1234 5678 901".into(),
        };
        let wallet = payout::add_tool(cab, borrower, wallet).await.unwrap();
        // Somebody else's way is no way of one's own.
        let (other, _) = world.approved(OTHER_PHONE, 10_000, 30).await;
        let stolen = payout::use_card(cab, other, contract, wallet).await;
        assert!(matches!(stolen, Err(CabinetError::NotFound)));
        payout::use_card(cab, borrower, contract, wallet)
            .await
            .unwrap();
        world.work().await;
        let seen = offer(&world, borrower, contract).await;
        assert_eq!(seen.status, ContractStatus::Issued);
        let last = world.acquirer.payouts_asked().pop().unwrap();
        let number = "410012345678901".to_owned();
        assert_eq!(last.to, PayoutTo::Wallet { number });
    });
}

#[test]
fn an_account_is_paid_by_the_bank_s_order_and_the_loan_begins_with_the_statement() {
    on_both(|world| async move {
        let (borrower, contract) = world.approved(PHONE, 10_000, 30).await;
        let cab = &world.cab;
        let company = NewTool::Account {
            account: "40702810900000000007".into(),
            bic: BIC.into(),
        };
        let refused = fields(payout::add_tool(cab, borrower, company).await);
        assert_eq!(refused, [("account".to_owned(), "account_not_personal")]);
        let tool = payout::add_tool(cab, borrower, account()).await.unwrap();
        sign(&world, PHONE, borrower, contract, tool).await;
        let seen = offer(&world, borrower, contract).await;
        assert_eq!(seen.status, ContractStatus::PayingOut);
        assert_eq!(seen.payout.unwrap().status, PayoutStatus::Waiting);
        assert!(world.acquirer.payouts_asked().is_empty());

        // Written out once, and again only when asked for.
        let orders = payout::orders(cab, None, Which::New).await.unwrap();
        assert_eq!((orders.count, orders.sum), (1, roubles(10_000)));
        let text = encoding(&orders.file);
        for line in [
            "ПолучательСчет=40817810",
            "Получатель1=Иванова Мария Петровна",
            "ПолучательБИК=044525225",
            "Сумма=10000.00",
            &format!("НазначениеПлатежа=Выдача займа по договору {}", seen.number),
        ] {
            assert!(text.contains(line), "{line} in {text}");
        }
        assert_eq!(
            payout::orders(cab, None, Which::New).await.unwrap().count,
            0
        );
        assert_eq!(
            payout::orders(cab, None, Which::Again).await.unwrap().file,
            orders.file
        );

        // Two days pass; nobody asks the acquirer, and the statement begins the loan on its date.
        world.days(2);
        payment::poll(cab).await.unwrap();
        let day = cab.today();
        let statement = statement_of(&seen.number, &day.format("%d.%m.%Y").to_string());
        for paid in [1, 0] {
            let report = statement::import(cab, Source::Statement, statement.as_bytes())
                .await
                .unwrap();
            assert_eq!((report.paid, report.bad.len()), (paid, 0), "{report:?}");
        }
        let seen = offer(&world, borrower, contract).await;
        assert_eq!(seen.status, ContractStatus::Issued);
        let loan = loan::view(cab, borrower, seen.loan.unwrap(), None)
            .await
            .unwrap();
        assert_eq!(loan.terms.schedule.start, day);
        assert_eq!(loan.state.due, day + Days::new(30));
        let report = reconcile::day(cab, day).await.unwrap();
        assert!(report.agrees(), "{report:?}");
        assert_eq!(report.sides[1].ours, Kopecks::ZERO - roubles(10_000));
        world.check_books().await;
        assert_eq!(
            payout::orders(cab, None, Which::Again).await.unwrap().count,
            0
        );
    });
}

#[test]
fn a_refused_order_leaves_the_choice_and_pays_once() {
    on_both(|world| async move {
        let (borrower, contract) = world.approved(PHONE, 10_000, 30).await;
        let cab = &world.cab;
        let tool = payout::add_tool(cab, borrower, account()).await.unwrap();
        sign(&world, PHONE, borrower, contract, tool).await;
        let number = offer(&world, borrower, contract).await.number;
        payout::orders(cab, None, Which::New).await.unwrap();
        payout::refuse(cab, None, &number).await.unwrap();
        let again = payout::refuse(cab, None, &number).await;
        assert!(matches!(again, Err(CabinetError::NotFound)));
        let seen = offer(&world, borrower, contract).await;
        assert_eq!(seen.status, ContractStatus::PayoutFailed);
        let card = world.card(borrower).await;
        payout::use_card(cab, borrower, contract, card)
            .await
            .unwrap();
        world.work().await;
        let seen = offer(&world, borrower, contract).await;
        assert_eq!(seen.status, ContractStatus::Issued);
        // A late line of the refused order begins nothing more.
        let day = cab.today().format("%d.%m.%Y").to_string();
        let statement = statement_of(&number, &day);
        let report = statement::import(cab, Source::Statement, statement.as_bytes())
            .await
            .unwrap();
        assert_eq!((report.paid, report.outgoing), (0, 1));
        let cards = payout::cards(cab, borrower).await.unwrap();
        assert_eq!(cards[0].kind, PayoutKind::Card);
        world.check_books().await;
    });
}

fn statement_of(number: &str, day: &str) -> String {
    format!(
        "1CClientBankExchange\nКодировка=Windows\nРасчСчет={OWN}\nСекцияДокумент=Платежное поручение\n\
         Номер=1\nСумма=10000.00\nДатаСписано={day}\nПлательщикСчет={OWN}\nПолучательСчет={ACCOUNT}\n\
         НазначениеПлатежа=Выдача займа по договору {number}. Без НДС\nКонецДокумента\nКонецФайла\n"
    )
}

/// Windows-1251 by its table: capitals, small letters, the rest is latin or rare.
fn encoding(bytes: &[u8]) -> String {
    bytes
        .iter()
        .map(|byte| match byte {
            0xC0..=0xFF => char::from_u32(u32::from(*byte) - 0xC0 + 0x410).unwrap(),
            0x00..=0x7F => char::from(*byte),
            _ => '?',
        })
        .collect()
}

#[test]
fn one_card_bound_twice_is_one_card_and_its_newest_token_is_used() {
    on_both(|world| async move {
        let cab = &world.cab;
        let (borrower, contract) = world.approved(PHONE, 20_000, 30).await;
        world.acquirer.switches.lock().unwrap().same_card = true;
        // At the registration, and again at the offer: both ways lead to the same card.
        let first = world.card(borrower).await;
        let second = world.card(borrower).await;
        assert_eq!(first, second);
        assert_eq!(payout::cards(cab, borrower).await.unwrap().len(), 1);
        world.sign(PHONE, borrower, contract).await;
        world.work().await;
        let offer = application::offer(cab, borrower, contract).await.unwrap();
        assert_eq!(offer.status, ContractStatus::Issued);
        let cards = payout::cards(cab, borrower).await.unwrap();
        assert_eq!(cards.len(), 1, "{cards:?}");
        // Another card is another one.
        world.acquirer.switches.lock().unwrap().same_card = false;
        let other = world.card(borrower).await;
        assert_ne!(other, first);
        assert_eq!(payout::cards(cab, borrower).await.unwrap().len(), 2);
    });
}

#[test]
fn a_wallet_is_one_person_s_until_their_cabinet_is_closed() {
    on_both(|world| async move {
        let cab = &world.cab;
        let (one, _) = world.approved(PHONE, 10_000, 30).await;
        let (other, _) = world.approved(OTHER_PHONE, 10_000, 30).await;
        let wallet = |number: &str| NewTool::Wallet {
            number: number.into(),
        };
        let first = payout::add_tool(cab, one, wallet("4100 1175 0173 97")).await;
        let again = payout::add_tool(cab, one, wallet("41001175017397")).await;
        assert_eq!(first.unwrap(), again.unwrap(), "its owner's own");
        let taken = payout::add_tool(cab, other, wallet("41001175017397")).await;
        assert_eq!(fields(taken), [("wallet".to_owned(), "wallet_taken")]);
        payout::add_tool(cab, other, wallet("41001175017398"))
            .await
            .unwrap();
        let closed = format!("UPDATE borrower SET closed_at = 1 WHERE id = '{one}'");
        let db = cab.db().read();
        sea_orm::ConnectionTrait::execute_unprepared(db, &closed)
            .await
            .unwrap();
        payout::add_tool(cab, other, wallet("41001175017397"))
            .await
            .unwrap();
    });
}

#[test]
fn the_bank_s_orders_are_written_by_those_who_move_money_and_each_is_in_one_file() {
    on_both(|world| async move {
        let cab = &world.cab;
        let (borrower, contract) = world.approved(PHONE, 10_000, 30).await;
        let tool = payout::add_tool(cab, borrower, account()).await.unwrap();
        sign(&world, PHONE, borrower, contract, tool).await;
        let offer = offer(&world, borrower, contract).await;
        let colleague = |role| Staff {
            id: cabinet::StaffId(Uuid::now_v7()),
            login: "kassa".to_owned(),
            name: "Коллега".to_owned(),
            roles: vec![role],
            must_change: false,
        };
        let (cashier, auditor) = (colleague(Role::Payments), colleague(Role::Auditor));
        let waiting = payout::at_bank(cab, Some(&auditor)).await.unwrap();
        assert_eq!(waiting.len(), 1);
        assert_eq!(
            (&waiting[0].number, waiting[0].written),
            (&offer.number, None)
        );
        let refused = payout::orders(cab, Some(&auditor), Which::New).await;
        assert!(matches!(
            refused,
            Err(CabinetError::Forbidden("staff_role"))
        ));
        let orders = payout::orders(cab, Some(&cashier), Which::New)
            .await
            .unwrap();
        assert_eq!(orders.count, 1);
        let written = payout::at_bank(cab, Some(&cashier)).await.unwrap()[0].written;
        let same = Which::Written(written.unwrap());
        let again = payout::orders(cab, Some(&cashier), same).await.unwrap();
        assert_eq!(again.file, orders.file);
        let by = Some(&cashier);
        payout::refuse(cab, by, &offer.number).await.unwrap();
        assert!(payout::at_bank(cab, by).await.unwrap().is_empty());
        let log = audit::read(cab, &auditor, &audit::Filter::default(), 10)
            .await
            .unwrap();
        let done: Vec<_> = log
            .iter()
            .filter(|line| line.staff == Some(cashier.id))
            .map(|line| line.action.as_str())
            .collect();
        assert_eq!(done, ["bank_refused", "bank_orders", "bank_orders"]);
    });
}
