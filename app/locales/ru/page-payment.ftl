# Платёж: сколько, а потом правда о том, что вышло.
pay-title = Оплата
pay-lead = Договор № { $number }
pay-what = Сколько заплатить
pay-payoff = Всё, и закрыть займ
pay-sum = Другую сумму
pay-sum-what = Любую: она сразу уменьшит долг.
pay-amount = Сумма
pay-amount-hint = Нужна, если платите не всё. Сначала уйдёт на: { $order }.
pay-until = Сумма на { $date }, до 23:59 { $zone }. Заплатите её — и долг станет ровно 0,00 ₽.
pay-commission = Комиссия
pay-go = Перейти к оплате
pay-go-what = Карту вы введёте на странице банка. Мы не запоминаем её и не списываем деньги сами.
pay-back = К займу

pay-order-overdue-interest = просроченные проценты
pay-order-overdue-principal = просроченный долг
pay-order-penalty = пени
pay-order-interest = проценты
pay-order-principal = основной долг

pay-unfinished = Платёж { $sum } начат { $at } и не завершён. Чтобы деньги не списались дважды, сначала закончим с ним.
pay-continue = Продолжить оплату
pay-see = Посмотреть платёж
pay-not-paid = Я не платил
pay-not-paid-what = Спросим у банка. Если деньги не списаны, можно будет заплатить заново.

pay-waiting-title = Ждём оплату
pay-waiting-what = Банк ещё не сообщил, что деньги списаны.
pay-waiting-next = Если вы уже подтвердили платёж, делать ничего не нужно: страница обновится сама. Второй раз платить не надо.
pay-unknown-title = Банк пока не ответил
pay-unknown-what = Мы не знаем, списаны ли деньги, и спрашиваем банк снова и снова.
pay-unknown-next = Не платите второй раз. Как только банк ответит, страница обновится сама. Дата платежа не потеряется: он зачтётся днём списания.

pay-succeeded-title = Деньги пришли
pay-succeeded-lead = Вот на что они пошли.
pay-taken = Списаны { $at }.
pay-fee = Услуга продления
pay-card = Карта { $card }.
pay-closed = Долг 0,00 ₽, займ закрыт. Справка готова.
pay-prolonged = Цена продления оплачена, новая дата уже на странице займа.

pay-failed-title = Не получилось списать деньги
pay-failed-lead = { $reason } Деньги на месте.
pay-failed-what = Попробуйте другую карту. Долг от неудачной попытки не изменился.
pay-again = Заплатить заново
pay-abandoned-title = Этот платёж остановлен
pay-abandoned-lead = Вы сказали, что не платили { $sum }. Банк списания не видит.
pay-abandoned-what = Если деньги всё же спишутся, мы увидим это сами и зачтём их в долг, а лишнее вернём.

pay-reason-general = Банк отказал и не сказал почему.
pay-reason-insufficient-funds = На карте не хватило денег.
pay-reason-card-expired = Срок карты закончился.
pay-reason-invalid-card-number = В номере карты ошибка.
pay-reason-invalid-csc = Код с обратной стороны карты не подошёл.
pay-reason-3d-secure-failed = Код подтверждения не подошёл.
pay-reason-fraud-suspected = Банк остановил платёж для проверки.
pay-reason-issuer-unavailable = Банк карты сейчас не отвечает.
pay-reason-call-issuer = Банк просит позвонить ему по номеру на карте.
pay-reason-payment-method-limit-exceeded = Превышен предел платежей по карте.
pay-reason-payment-method-restricted = Банк ограничил платежи с этой карты.
pay-reason-country-forbidden = Карты этой страны банк не принимает.
pay-reason-permission-revoked = Разрешение на оплату отозвано.
pay-reason-expired-on-confirmation = Время на подтверждение вышло.
pay-reason-expired-on-capture = Время на списание вышло.
pay-reason-internal-timeout = Банк не успел ответить.
pay-reason-canceled-by-merchant = Платёж отменён.
pay-topped-up = Деньги на вашем счёте. Что с ними стало, видно на странице займа.
pay-top-up = Только пополнить счёт
pay-top-up-what = Деньги подождут на счёте до дня платежа. Долг и проценты до тех пор не уменьшатся.
