# The offer: the law's table, the signature, the way of the money.
psk-title = Full cost of the loan
# The words of the figures are Russian in both languages: they are the contract's own.
psk-annual = годовых

offer-title = Individual terms No. { $number }
offer-until = The offer stands until { $date } inclusive.
offer-left = { $days } left.
offer-last-day = Today is the last day.
offer-table = Individual terms of the consumer loan contract
offer-table-number = No.
offer-table-title = Term
offer-table-text = Content
offer-short = In short
offer-to-answer = Straight to the sum, the card and the signature
offer-in-hand = In hand
offer-in-hand-card = To card { $card }
offer-in-hand-account = To account { $card }
offer-in-hand-sbp = By SBP to { $bank } { $card }
offer-in-hand-wallet = To wallet { $card }
offer-to-return = To return
offer-overpayment = Overpayment
offer-add-ons = Paid services
offer-last-date = Last day

schedule-title = Schedule of payments
schedule-total = Total
schedule-so-far = { $sum } already paid
schedule-paid = paid
schedule-due = next
schedule-overdue = late
schedule-ahead = ahead

offer-card-why = The money comes to your card. Bind it first: the number is typed on the bank's page and never reaches us.
offer-add-card = Bind a card
offer-other-card = Bind another card
offer-card-safe = We charge nothing from this card by ourselves. It pays when you choose so.
offer-other-way = Receive it without a card
tool-account = Account { $card }, { $bank }: 2–3 working days
tool-sbp = SBP { $bank }, phone { $card }
tool-wallet = Wallet { $bank } { $card }
tool-title = How to receive the money
tool-lead = It must be your own: the bank compares the name with the passport.
tool-way-account = To a card's account by its details
tool-way-account-what = A bank takes 2–3 working days. The card stays unbound.
tool-way-sbp = By SBP to a phone
tool-way-sbp-what = To your phone { $phone }. The money comes in minutes, the bank compares the name.
tool-way-wallet = To a YooMoney wallet
tool-way-wallet-what = A named wallet of your own. YooMoney does not tell us whose a wallet is, so one wallet stands in one cabinet only. The money comes within minutes.
tool-owner = Recipient: { $name }
tool-account-number = Account, 20 digits
tool-bic = BIC of the bank, 9 digits
tool-bank = Bank
tool-bank-choose = Choose a bank
tool-wallet-number = Number of the wallet
tool-save = Receive it this way
tool-back = Back to the terms
tool-no-banks = The list of banks did not open now. Reload the page in a minute.
offer-card = Where to send the money
offer-assignment = Row 13. May the debt be sold to another organisation
offer-assignment-yes = I allow it
offer-assignment-no = I forbid it
offer-assignment-hint = The answer changes neither the decision nor the rate.
offer-prepare = Get the code to sign
offer-change = Change the answers
offer-sign = Sign and get the money
offer-decline = Decline the offer
offer-change-mind = Changed your mind after signing? For 14 days the money can be returned without notice, paying only for the days passed.

sign-code = Code from the SMS to { $phone }
sign-hint = { $left ->
    [one] The code signs exactly this text, fingerprint { $hash }. { $left } try left.
   *[other] The code signs exactly this text, fingerprint { $hash }. { $left } tries left.
}
sign-over = The last code will not do any more. Ask for a new one, the text stays the same.
sign-resend = Send a new code
sign-text = The whole text you are signing

offer-cancelled-title = You have declined the loan
offer-cancelled-what = The contract is not in force, no money was sent, you owe nothing.
offer-expired-title = The offer is over
offer-expired-what = It was not signed in time. You owe nothing. Your data are kept, a new application takes a minute.

payout-title = Sending { $amount }
payout-sending-what = The contract is signed. The transfer is being handed to the bank.
payout-waiting-what = The bank has accepted the transfer. We wait for the money to arrive.
payout-unknown-what = The bank has not answered yet. We ask it again; the money will not be sent twice.
payout-succeeded-what = The money has arrived, the loan is being opened.
payout-account-what = A transfer to an account takes the bank 2–3 working days.
payout-account-next = We write an SMS when the bank has sent the money. There is no need to wait on this page: interest runs from the day after the money left.
payout-next = It mostly takes less than a minute. The page renews itself and opens the loan. Interest runs from the day after the money left.
payout-signed = Contract No. { $number } was signed { $at }.
payout-contract = Text of the contract
payout-failed-title = The money did not arrive
payout-failed-lead = { $reason } No interest runs: the loan begins only when the money comes.
payout-failed-what = The contract is signed and waits. Choose where to send the money now, there is no need to sign again.
payout-refused-card = { $card }: the transfer did not pass
payout-same-card = Try the same way again
payout-use-card = Send here
payout-failed-help = Doesn't it work? Call { $hotline }.
payout-reason-general = The bank did not take the transfer.
payout-reason-insufficient-funds = The transfer did not go through on our side for now.
payout-reason-fraud-suspected = The bank stopped the transfer to check it.
payout-reason-one-time-limit-exceeded = The transfer is more than the card takes at once.
payout-reason-periodic-limit-exceeded = The card has taken more transfers than its bank allows.
payout-reason-rejected-by-payee = The card's bank refused the transfer.
payout-reason-recipient-not-found = The bank did not find the recipient.
payout-reason-card-expired = The card is out of date.
payout-reason-recipient-check-failed = The recipient's name in that bank is not the contract's.
payout-reason-account-refused = The bank could not send the money to that account.

cooling-title = Time to think
cooling-what = The law gives you time before the money leaves. We send { $amount } { $at }, there is nothing to do.
cooling-cancel-why = While the time runs you can decline free of charge and without explanations.
cooling-cancel = Decline the loan

card-waiting-title = Checking the card
card-waiting-what = We wait for the bank to confirm the card.
card-waiting-next = It mostly takes a few seconds. The page renews itself.
card-back = Back
card-failed-title = The card could not be bound
card-failed-lead = The bank did not confirm it, or the page was closed earlier. Nothing was charged.
card-again = Try again
schedule-date = Date
schedule-payment = Payment
schedule-state = State

cancel-title = Give up the loan?
cancel-what = The offer closes and cannot be brought back. You pay nothing. Your answers are kept: a new application takes a minute.
