# Words of the documents in PDF.
cabinet-paper-page = Page
cabinet-paper-of = of
cabinet-paper-hash = SHA-256 fingerprint of the text (groups of 16):
cabinet-paper-total = Total
cabinet-paper-terms-number = No.
cabinet-paper-terms-title = Term
cabinet-paper-terms-text = What is agreed
cabinet-paper-unsigned = Not signed yet. Read it at your ease: it takes effect only when you enter the code.
cabinet-paper-version = Version of { $version }
cabinet-paper-evidence = Signed by a simple electronic signature
cabinet-paper-evidence-consent = How and when the consent was given
cabinet-paper-evidence-agreement = How and when the agreement was accepted
cabinet-paper-evidence-service = How and when the application was made
cabinet-paper-service-pressed = By a button in the cabinet
cabinet-paper-sign-phone = Phone
cabinet-paper-sign-sent = Code sent
cabinet-paper-sign-entered = Code entered
cabinet-paper-sign-address = Network address
cabinet-paper-sign-code = Fingerprint of the code
cabinet-paper-sign-hash = Fingerprint signed
cabinet-paper-consent-how = How it was given
cabinet-paper-consent-ticked = By a tick in the personal cabinet
cabinet-paper-consent-at = When
cabinet-paper-consent-agent = Browser
cabinet-paper-consent-hash = Fingerprint of the words shown
cabinet-paper-seal = Signed by the lender
cabinet-paper-seal-note = Anybody can check it: point a camera at the code or open the address. No personal data are there.
cabinet-paper-seal-number = Number
cabinet-paper-seal-at = Made
cabinet-paper-seal-key = Ed25519 key
cabinet-paper-seal-signature = Signature
cabinet-paper-days = { $count ->
    [one] { $count } day
   *[other] { $count } days
}
cabinet-paper-payments = { $count ->
    [one] { $count } payment
   *[other] { $count } payments
}
cabinet-paper-of-contract = Contract No. { $number } of { $lent }, principal { $amount }
cabinet-paper-operations = Operations
cabinet-paper-debt-parts = What the debt consists of
cabinet-paper-where-money-went = Where the money went
cabinet-paper-reasons = Reasons
cabinet-paper-answers = About the applicant
cabinet-paper-parts-columns = No. | What | Sum
cabinet-paper-claim-overdue-interest = Overdue interest
cabinet-paper-claim-overdue-principal = Overdue principal
cabinet-paper-claim-interest = Interest
cabinet-paper-claim-principal = Principal
cabinet-paper-claim-penalty = Penalty
cabinet-paper-claim-other = Fees for services
cabinet-paper-claim-over = Beyond the debt: this money is yours
cabinet-paper-op-disbursement = Money lent
cabinet-paper-op-payment = Payment
cabinet-paper-op-prolongation = Prolongation
cabinet-paper-op-refund = Money sent back
cabinet-paper-op-top-up = Top-up
cabinet-paper-op-debit = Debit against the debt

cabinet-paper-application-title = Application for a consumer loan
cabinet-paper-application-ask = I ask for a consumer loan of { $amount } ({ $words }), term: { $term }, product “{ $product }”.
cabinet-paper-application-income = Employer: { $employer }. Income a month { $income }, expenses { $expenses }, payments on other loans { $obligations }.
cabinet-paper-application-consent = { $title }: version of { $version }, given { $at }.
cabinet-paper-application-how = The application was filed in the personal cabinet. The applicant gave these data.

cabinet-paper-refusal-title = Notice of refusal
cabinet-paper-refusal-what = You asked for a loan of { $amount }. We can't give it now.

cabinet-paper-receipt-title = Receipt No. { $number }
cabinet-paper-receipt-sum = Received { $amount } ({ $words }).
cabinet-paper-receipt-when = The money came { $at } and counts for { $on }.
cabinet-paper-receipt-way = Way: { $way }
cabinet-paper-receipt-reference = Operation number: { $reference }
cabinet-paper-receipt-balance = The money is on your balance. It is debited on the payment day or when you say so.

cabinet-paper-refund-title = Notice of a surplus sent back, contract No. { $number }
cabinet-paper-refund-sum = Sent back { $amount } ({ $words }).
cabinet-paper-refund-when = You asked for it { $asked }, the money left { $done }.
cabinet-paper-refund-effect = The money went back the way it came. The debt and its terms are as before.

cabinet-paper-statement-title = Statement No. { $number }
cabinet-paper-statement-period = Period: { $from } to { $to }, both included
cabinet-paper-statement-opening = Debt at the beginning: { $sum }
cabinet-paper-statement-lent = Lent: { $sum }
cabinet-paper-statement-accrued = Interest, penalty and fees accrued: { $sum }
cabinet-paper-statement-repaid = Counted against the debt: { $sum }
cabinet-paper-statement-written-off = Written off by the lender: { $sum }
cabinet-paper-statement-closing = Total debt at the end: { $sum } ({ $words })
cabinet-paper-statement-nothing = There were no operations in this period.
cabinet-paper-statement-columns = Date | Operation | Sum | Principal | Interest | Other | Debt at day's end
cabinet-paper-statement-rule = The debt at the beginning, what was lent and what accrued, less what was counted, give the debt at the end.

cabinet-paper-debt-title = Certificate of debt No. { $number }
cabinet-paper-debt-on = Debt at the end of { $date }:
cabinet-paper-debt-total = Total to close the loan that day: { $sum } ({ $words })
cabinet-paper-debt-overdue = Overdue: { $days ->
    [one] { $days } day
   *[other] { $days } days
}.
cabinet-paper-debt-not-overdue = Nothing is overdue.

cabinet-paper-lender-title = About the lender
cabinet-paper-lender-name = Name: { $value }
cabinet-paper-lender-registry = Number in the state register of microfinance organisations: { $value }
cabinet-paper-lender-sro = Self-regulatory organisation: { $value }
cabinet-paper-lender-inn = Taxpayer number: { $value }
cabinet-paper-lender-ogrn = State registration number: { $value }
cabinet-paper-lender-address = Address: { $value }
cabinet-paper-lender-site = Site: { $value }
cabinet-paper-lender-hotline = Phone: { $value }
cabinet-paper-lender-email = Mail: { $value }
cabinet-paper-lender-complaints = If we did not help, write to the self-regulatory organisation, to the financial ombudsman or to the Bank of Russia.

cabinet-paper-tariffs-title = Prices
cabinet-paper-tariffs-columns = Product | Sum | Term | Rate a year | Full cost
cabinet-paper-tariffs-penalty = “{ $product }”: penalty { $rate } % a year on overdue principal.
cabinet-paper-tariffs-service = If the borrower wishes, after the money: “{ $service }”, { $price } once.
cabinet-paper-tariffs-free = If the borrower wishes, after the money: “{ $service }”, free.
cabinet-paper-tariffs-rest = No paid service is needed to get a loan. The full cost is named for the ends of sums and terms; the calculator and the contract show the exact one.

cabinet-paper-kind-application = Application
cabinet-paper-kind-consent = Consent
cabinet-paper-kind-agreement = Agreement on the electronic signature
cabinet-paper-kind-contract = Individual terms
cabinet-paper-kind-schedule = Schedule of payments
cabinet-paper-kind-prolongation = Agreement on prolongation
cabinet-paper-kind-receipt = Receipt
cabinet-paper-kind-statement = Statement
cabinet-paper-kind-debt = Certificate of debt
cabinet-paper-kind-certificate = Closing certificate
cabinet-paper-kind-refusal = Notice of refusal
cabinet-paper-kind-refund = Notice of a refund
cabinet-paper-kind-service = Application for a service
cabinet-paper-kind-service-refusal = Refusal of a service

legal-privacy-title = Policy of personal data
legal-privacy-1 = { $lender } (taxpayer number { $inn }, registration number { $ogrn }, { $address }) processes personal data under the Federal Law on Personal Data. This policy is in force since { $date } and open to everybody.
legal-privacy-2 = Whose data: of those who applied or borrowed, and of those who wrote to us. Which data and what for is said in the consent to the processing of personal data; we ask for nothing more.
legal-privacy-3 = How they are kept: databases are in Russia, personal fields are encrypted, and whenever a member of staff looks at data, it is written down with the reason. We never receive card numbers: they are typed on the payment organisation's page.
legal-privacy-4 = For how long: while an application is considered and a contract is in force, and five years after its end, as the law against laundering wants. Then the data are erased.
legal-privacy-5 = Whom they go to: credit bureaus, the payment organisation, the Bank of Russia and courts, when the law or your consent says so. Data are not sold.
legal-privacy-6 = Your rights: to learn what is kept about you and take a copy in the cabinet, to have a mistake mended, to take a consent back, to complain to Roskomnadzor. Write to { $email } or call { $hotline }: we answer within ten working days.
cabinet-paper-kind-rate-cut = New schedule: the rate is lower
cabinet-paper-rate-cut-title = Notice of a lower interest rate of contract No. { $number }
cabinet-paper-rate-cut-what = From { $from } the rate is { $rate } instead of { $before }. The lender lowered it alone, which needs no consent of the borrower (353-FZ, article 5, part 16).
cabinet-paper-rate-cut-saved = When the schedule below is kept to, the payments left are { $saved } ({ $words }) less in all.
cabinet-paper-rate-cut-rest = Payment dates and the other terms of the contract stay as they are.
