# A payment: how much, then the truth about what came of it.
pay-title = Payment
pay-lead = Contract No. { $number }
pay-what = How much to pay
pay-payoff = All, and close the loan
pay-sum = Another sum
pay-sum-what = Any: it makes the debt smaller at once.
pay-amount = Sum
pay-amount-hint = Needed when you don't pay all. It goes first to: { $order }.
pay-until = The sum for { $date }, until 23:59 { $zone }. Pay it, and the debt becomes exactly 0.00 ₽.
pay-commission = Commission
pay-go = Go to payment
pay-go-what = The card is typed on the bank's page. We don't keep it and never charge it ourselves.
pay-back = To the loan

pay-order-overdue-interest = late interest
pay-order-overdue-principal = late principal
pay-order-penalty = penalty
pay-order-interest = interest
pay-order-principal = principal

pay-unfinished = A payment of { $sum } was begun { $at } and is not finished. Let us end it first, so that nothing is charged twice.
pay-continue = Continue the payment
pay-see = See the payment
pay-not-paid = I did not pay
pay-not-paid-what = We will ask the bank. If nothing was charged, you can pay anew.

pay-waiting-title = Waiting for the payment
pay-waiting-what = The bank has not said yet that the money was charged.
pay-waiting-next = If you have confirmed the payment, there is nothing to do: the page renews itself. Don't pay a second time.
pay-unknown-title = The bank has not answered yet
pay-unknown-what = We don't know whether the money was charged and keep asking the bank.
pay-unknown-next = Don't pay a second time. As soon as the bank answers, the page renews itself. The date is safe: the payment counts for the day of the charge.

pay-succeeded-title = The money has come
pay-succeeded-lead = This is where it went.
pay-taken = Charged { $at }.
pay-fee = Service of prolonging
pay-card = Card { $card }.
pay-closed = The debt is 0.00 ₽, the loan is closed. The certificate is ready.
pay-prolonged = The prolongation is paid, the new date stands on the loan's page.

pay-failed-title = The money could not be charged
pay-failed-lead = { $reason } Your money is in its place.
pay-failed-what = Try another card. The failed try did not change the debt.
pay-again = Pay anew
pay-abandoned-title = This payment is stopped
pay-abandoned-lead = You said you did not pay { $sum }. The bank sees no charge.
pay-abandoned-what = If the money is charged after all, we will see it ourselves, count it for the debt and return what is left over.

pay-reason-general = The bank refused and did not say why.
pay-reason-insufficient-funds = There was not enough money on the card.
pay-reason-card-expired = The card is out of date.
pay-reason-invalid-card-number = There is a mistake in the card's number.
pay-reason-invalid-csc = The code on the back of the card did not fit.
pay-reason-3d-secure-failed = The confirmation code did not fit.
pay-reason-fraud-suspected = The bank stopped the payment to check it.
pay-reason-issuer-unavailable = The card's bank does not answer now.
pay-reason-call-issuer = The bank asks you to call the number on the card.
pay-reason-payment-method-limit-exceeded = The card's limit of payments is reached.
pay-reason-payment-method-restricted = The bank has restricted payments by this card.
pay-reason-country-forbidden = The bank doesn't take cards of this country.
pay-reason-permission-revoked = The permission to pay was revoked.
pay-reason-expired-on-confirmation = The time to confirm is over.
pay-reason-expired-on-capture = The time to charge is over.
pay-reason-internal-timeout = The bank did not answer in time.
pay-reason-canceled-by-merchant = The payment was cancelled.
pay-topped-up = The money is on your balance. The loan page shows what became of it.
pay-top-up = Only top up the balance
pay-top-up-what = The money waits on the balance until the payment date. Until then neither debt nor interest goes down.
