cabinet-application-payout-line = Loan payout under contract { $number }
field-amount_range = You can take from { $min } to { $max } in steps of { $step }.
field-term_range = The term here is from { $min } to { $max }.
field-choose_one = Choose one: without an answer the law does not let the contract be signed.
field-card_needed = Choose the card the money should come to.
field-card_not_active = This card cannot take the transfer. Choose another or add a new one.
