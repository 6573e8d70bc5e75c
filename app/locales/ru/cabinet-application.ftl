cabinet-application-payout-line = Выдача займа по договору { $number }
field-amount_range = Можно взять от { $min } до { $max } с шагом { $step }.
field-term_range = Срок здесь от { $min } до { $max }.
field-choose_one = Выберите один из вариантов: без ответа закон не разрешает подписать договор.
field-card_needed = Выберите карту, на которую прийти деньгам.
field-card_not_active = Эта карта не может принять перевод. Выберите другую или добавьте новую.
