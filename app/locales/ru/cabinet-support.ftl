# Обращения: СМС и письма о них, ошибки в формах, письмо с ответом, строки истории займа.
cabinet-appeal-sms-answered = { $lender }: мы ответили на ваше обращение. Ответ и письмо — в кабинете, раздел «Обращения».
cabinet-appeal-sms-refused = { $lender }: мы ответили на ваше обращение. Ответ и письмо — в кабинете, раздел «Обращения».
cabinet-appeal-sms-longer = { $lender }: нам нужно больше времени на ваше обращение. Ответим до { $date }. Почему — в кабинете.
cabinet-appeal-outside-subject = Ответ на ваш вопрос: { $lender }
cabinet-appeal-outside-answered = { $lender }. { $answer } Остались вопросы: { $hotline }.
cabinet-appeal-outside-refused = { $lender }. { $answer } Остались вопросы: { $hotline }.
cabinet-appeal-outside-longer = { $lender }: нам нужно больше времени на ваш вопрос. Ответим до { $date }.
cabinet-appeal-kind-payment = Платёж не виден
cabinet-appeal-kind-debt = Долг посчитан неверно
cabinet-appeal-kind-holidays = Кредитные каникулы
cabinet-appeal-kind-passport = Новый паспорт
cabinet-appeal-kind-complaint = Жалоба
cabinet-appeal-kind-question = Вопрос
field-appeal_text = Напишите, что случилось: от 10 до 2000 знаков.
field-appeal_money = Напишите сумму, например 5 400,50.
field-appeal_months = Напишите, на сколько месяцев: от 1 до 6.
field-appeal_long_ago = Этот день больше 90 дней назад. Напишите о нём в обращении «Долг посчитан неверно».
field-appeal_contact = Напишите телефон или почту, куда ответить.
field-appeal_answer = Напишите ответ: не меньше десяти знаков.
cabinet-loan-operation-holiday = Кредитные каникулы на { $months ->
    [one] { $months } месяц
    [few] { $months } месяца
   *[other] { $months } месяцев
}
cabinet-paper-op-discount = Скидка по процентам за бонусы
cabinet-paper-op-write-off = Списание долга кредитором
cabinet-paper-op-rate-cut = Снижение ставки
cabinet-paper-op-pause = Пени остановлены: ищем платёж
cabinet-paper-op-resume = Пени снова идут
cabinet-paper-op-holiday = Кредитные каникулы
cabinet-paper-kind-letter = Ответ на обращение
cabinet-paper-letter-title = Ответ на обращение № { $number }
cabinet-paper-letter-what = Обращение: «{ $kind }», получено { $at }.
cabinet-paper-letter-loan = Договор № { $number }.
cabinet-paper-letter-payment = Платёж, о котором вы написали: { $amount }, { $date }.
cabinet-paper-letter-answered = Мы сделали то, о чём вы просили.
cabinet-paper-letter-refused = Мы проверили и не нашли оснований сделать то, о чём вы просили.
cabinet-paper-letter-pause = Пока мы проверяли, пени не начислялись: после { $from } и по { $until } включительно. Задним числом их не начислим.
cabinet-paper-letter-next = Если ответ вас не устроил, позвоните нам: { $hotline }. Можно обратиться и к финансовому уполномоченному или в Банк России.
cabinet-appeal-sms-passport = { $lender }: в вашем кабинете просят сменить паспорт. Проверим и сменим не раньше чем через { $hours } ч. Если это не вы, отзовите просьбу в кабинете или позвоните { $hotline }.
cabinet-paper-letter-phone = Ваш кабинет привязан к новому номеру телефона. Входы со старого номера закончились.
cabinet-paper-letter-closing = Ваш кабинет закрыт. Документы мы храним, как велит закон.
cabinet-request-kind-phone = Смена номера телефона
cabinet-request-kind-closing = Закрытие кабинета
