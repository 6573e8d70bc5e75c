cabinet-payment-description = Оплата по договору { $number }
cabinet-payment-receipt-line = Погашение займа по договору { $number }
field-amount_invalid = Напишите сумму больше нуля: например, 1 500 или 1500,50.
field-amount_above_payoff = Сегодня нужно не больше { $max }: эта сумма закроет займ.
field-amount_below_least = Банк не проводит платежи меньше { $least }. Введите сумму побольше.
field-amount_leaves_tail = После этого останется { $tail }: так мало банк потом не примет. Заплатите всё, { $all }, или сумму поменьше.
cabinet-refund-receipt-line = Возврат по договору { $number }
