# Appeals: their texts and letters, errors of forms, the letter with the answer, lines of a loan's history.
cabinet-appeal-sms-answered = { $lender }: we have answered your appeal. The answer and the letter are in the cabinet, under "Appeals".
cabinet-appeal-sms-refused = { $lender }: we have answered your appeal. The answer and the letter are in the cabinet, under "Appeals".
cabinet-appeal-sms-longer = { $lender }: we need more time for your appeal. We answer by { $date }. Why is in the cabinet.
cabinet-appeal-outside-subject = An answer to your question: { $lender }
cabinet-appeal-outside-answered = { $lender }. { $answer } Questions: { $hotline }.
cabinet-appeal-outside-refused = { $lender }. { $answer } Questions: { $hotline }.
cabinet-appeal-outside-longer = { $lender }: we need more time for your question. We answer by { $date }.
cabinet-appeal-kind-payment = A payment is not seen
cabinet-appeal-kind-debt = The debt is counted wrong
cabinet-appeal-kind-holidays = Credit holidays
cabinet-appeal-kind-passport = A new passport
cabinet-appeal-kind-complaint = A complaint
cabinet-appeal-kind-question = A question
field-appeal_text = Write what happened: from 10 to 2000 characters.
field-appeal_money = Write the sum, such as 5400.50.
field-appeal_months = Write for how many months: from 1 to 6.
field-appeal_long_ago = That day is more than 90 days ago. Write about it under "The debt is counted wrong".
field-appeal_contact = Write a phone or an e-mail address to answer to.
field-appeal_answer = Write the answer: at least ten characters.
cabinet-loan-operation-holiday = Credit holidays for { $months ->
    [one] { $months } month
   *[other] { $months } months
}
cabinet-paper-op-discount = Interest discount for bonuses
cabinet-paper-op-write-off = Debt written off by the lender
cabinet-paper-op-rate-cut = Rate lowered
cabinet-paper-op-pause = Penalty stopped: a payment is looked for
cabinet-paper-op-resume = The penalty runs again
cabinet-paper-op-holiday = Credit holidays
cabinet-paper-kind-letter = Answer to an appeal
cabinet-paper-letter-title = Answer to appeal No. { $number }
cabinet-paper-letter-what = The appeal: "{ $kind }", received { $at }.
cabinet-paper-letter-loan = Contract No. { $number }.
cabinet-paper-letter-payment = The payment you wrote about: { $amount }, { $date }.
cabinet-paper-letter-answered = We have done what you asked for.
cabinet-paper-letter-refused = We have checked and found no reason to do what you asked for.
cabinet-paper-letter-pause = While we checked no penalty was charged: after { $from } and through { $until }. It will not be charged later.
cabinet-paper-letter-next = If you disagree, call us: { $hotline }. You may also write to the financial ombudsman or to the Bank of Russia.
cabinet-appeal-sms-passport = { $lender }: somebody asks for another passport in your cabinet. We check it and change it after { $hours } h at the earliest. If it was not you, call it off in the cabinet or call { $hotline }.
cabinet-paper-letter-phone = Your cabinet belongs to the new phone number. Sign-ins by the old one have ended.
cabinet-paper-letter-closing = Your cabinet is closed. We keep the documents as the law demands.
cabinet-request-kind-phone = Another phone number
cabinet-request-kind-closing = The end of the cabinet
