# The application: where it is, since when and why; the cabinet's first page.
count-payments = { $count ->
    [one] { $count } payment
   *[other] { $count } payments
}
waiting-since = Since { $at }
waiting-look = Check now

status-title = Application
status-asked = { $amount } for { $term }
status-way = How it goes
status-again = To the calculator

status-draft-title = The application is not sent
status-filed-title = We have your application
status-filed-what = It waits for its turn to be checked.
status-checking-title = Checking the application
status-checking-what = We wait for the credit bureau and compare the data.
status-checking-next = It mostly takes less than a minute. The page renews itself, and the answer also comes by SMS.

status-approved-title = The application is approved
status-approved-what = The terms are ready. Read them and decide: you don't have to sign.
status-issued-what = The money is out, the loan is open.
status-to-offer = Read the terms
status-to-loan = Open the loan

status-refused-title = We can't lend now
status-refused-what = This is why:
status-refused-from = A new application can be sent from { $date }.
status-refused-paper = Download the notice of refusal (PDF)
status-refused-next = If the bureau's data are old or wrong, call { $hotline }. We will check them together.
status-rule-reference = Ground: { $reference }

status-specialist-title = A specialist is looking at it
status-specialist-what = A program doesn't decide such cases: a person prepares your answer and may call to ask something.
status-specialist-next = We answer in working hours: { $hours }. The decision comes by SMS and appears here.
status-number = The application's number, if you call:

status-expired-title = The offer is over
status-expired-what = It was not signed in time and has closed. You owe nothing. Your data are kept, a new application takes a minute.
status-cancelled-title = You have declined the loan
status-cancelled-what = The contract is not in force, you owe nothing.

status-step-draft = Application begun
status-step-filed = Application sent
status-step-checking = Check begun
status-step-approved = Approved
status-step-refused = Refused
status-step-specialist = Handed to a specialist
status-step-expired = Offer closed
status-step-cancelled = You declined
status-step-decision = Decision

status-rule-self-ban = You have forbidden loans to yourself. The ban is lifted on Gosuslugi; after that, apply again.
status-rule-expensive-loans = You already have expensive loans open, and the law allows no more.
status-rule-expensive-pause = A few days must pass after an expensive loan is repaid.
status-rule-daily-rate-cap = The rate came out above what the law allows.
status-rule-psk-cap = The full cost came out above what the law allows.
status-rule-fraud-database = The data match the base of fraudulent operations. If it is a mistake, the Bank of Russia corrects it: write to its internet reception.
status-rule-biometrics = Your identity has to be confirmed by biometrics.
status-rule-open-loan = You already have a loan open. Repay it, and you can take a new one.
status-rule-licence-limit = With this loan the debt would pass the limit the law sets for us.
status-rule-yearly-limit = As many short loans as allowed have been given within a year.
status-rule-age = A loan can be taken from the age of 18.
status-rule-passport = The passport is no longer valid. Get a new one and renew the data in the form.
status-rule-passport-changed = The passport differs from the one of your last application and could not be confirmed. Write to us by a request and attach a photo.
status-rule-score = The score by our model is below what is needed. It changes as debts are closed.
status-rule-burden = Payments on debts are too large for the income we can count with. If yours is above the region’s average, prove it with a document.
status-rule-other = The rule named below does not allow it.
status-basis-self-ban = article 7 of Federal Law 353-FZ, in force since 1 March 2025
status-basis-expensive-loans = the law on expensive loans, in force since 1 October 2026
status-basis-expensive-pause = the law on expensive loans, in force since 1 April 2027
status-basis-daily-rate-cap = part 23 of article 5 of Federal Law 353-FZ
status-basis-psk-cap = part 11 of article 6 of Federal Law 353-FZ
status-basis-fraud-database = the Bank of Russia's database of fraud cases, a required check since 1 September 2025
status-basis-biometrics = Federal Law 151-FZ, identification by biometrics
status-basis-open-loan = article 10 of the self-regulatory organisations' base standard
status-basis-yearly-limit = article 10 of the self-regulatory organisations' base standard
status-basis-licence-limit = article 12 of Federal Law 151-FZ
status-basis-age = article 21 of the Civil Code
status-basis-passport = Government decision 2267 of 23 December 2023
status-basis-score = the company's own score, not a requirement of the law
status-basis-burden = the company’s own rule, not a requirement of the law

status-pdn-proved = Debt burden { $percent }: payments of { $payments } a month out of a proved income of { $income }.
status-pdn-region = Debt burden { $percent }: payments of { $payments } a month out of the region's average income of { $income }.
status-pdn-warning = More than a half of the income will go to debts. There is a risk of not paying in time, and then a penalty accrues.
status-income = The region’s average income was counted: the law does not let us count what is typed without a document. If yours is higher, send a picture of the certificate and a specialist counts with it.

home-title = My loans
home-debt = Debt today
home-late = The date has passed. What to do and how much is needed stands on the loan's page.
home-to-loan = Open the loan
home-continue = Continue the application
home-to-application = Open the application
home-empty-title = No open loans
home-empty-first = Count what to return and when, before applying.
home-empty-again = You owe nothing. If you need it again, the form is already filled.
home-calculator = To the calculator
home-closed = Closed loans
home-certificate = Certificate
status-paper-asked = The specialist asks for: { $what }
