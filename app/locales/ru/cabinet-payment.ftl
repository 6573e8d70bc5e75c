cabinet-payment-description = Оплата по договору { $number }
cabinet-payment-receipt-line = Погашение займа по договору { $number }
field-amount_invalid = Напишите сумму больше нуля: например, 1 500 или 1500,50.
field-amount_above_payoff = Сегодня нужно не больше { $max }: эта сумма закроет займ.
