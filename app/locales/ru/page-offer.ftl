# Предложение: таблица закона, подпись, путь денег на карту.
psk-title = Полная стоимость займа
psk-annual = годовых

offer-title = Индивидуальные условия № { $number }
offer-until = Предложение действует до { $date } включительно.
offer-left = Осталось { $days }.
offer-last-day = Сегодня последний день.
offer-table = Индивидуальные условия договора потребительского займа
offer-table-number = №
offer-table-title = Условие
offer-table-text = Содержание
offer-short = Коротко
offer-to-answer = Сразу к сумме, карте и подписи
offer-in-hand = На руки
offer-in-hand-card = На карту { $card }
offer-in-hand-account = На счёт { $card }
offer-in-hand-sbp = Через СБП { $bank } { $card }
offer-in-hand-wallet = На кошелёк { $card }
offer-to-return = Вернуть
offer-overpayment = Переплата
offer-add-ons = Платные услуги
offer-last-date = Последний день

schedule-title = График платежей
schedule-total = Всего
schedule-so-far = уже оплачено { $sum }
schedule-paid = оплачен
schedule-due = ближайший
schedule-overdue = опоздал
schedule-ahead = впереди

offer-card-why = Деньги придут на вашу карту. Сначала привяжите её: номер вводится на странице банка, к нам он не попадает.
offer-add-card = Привязать карту
offer-other-card = Привязать другую карту
offer-card-safe = Сами с этой карты ничего не спишем. Платить ею можно, когда вы это выберете.
offer-other-way = Получить не на карту
tool-account = Счёт { $card }, { $bank }: 2–3 рабочих дня
tool-sbp = СБП { $bank }, телефон { $card }
tool-wallet = Кошелёк { $bank } { $card }
tool-title = Как получить деньги
tool-lead = Подойдёт только ваше: банк сверит имя с паспортом.
tool-way-account = На счёт карты по реквизитам
tool-way-account-what = Банк переводит 2–3 рабочих дня. Карта остаётся непривязанной.
tool-way-sbp = Через СБП по телефону
tool-way-sbp-what = На ваш телефон { $phone }. Деньги приходят за минуты, банк сверит имя получателя.
tool-way-wallet = На кошелёк ЮMoney
tool-way-wallet-what = Ваш именной кошелёк. Чей он, ЮMoney нам не сообщает, поэтому один кошелёк подходит только к одному кабинету. Деньги приходят за минуты.
tool-owner = Получатель: { $name }
tool-account-number = Номер счёта, 20 цифр
tool-bic = БИК банка, 9 цифр
tool-bank = Банк
tool-bank-choose = Выберите банк
tool-wallet-number = Номер кошелька
tool-save = Получить так
tool-back = Вернуться к условиям
tool-no-banks = Список банков сейчас не открылся. Обновите страницу через минуту.
offer-card = Куда отправить деньги
offer-assignment = Строка 13. Можно ли продать долг другой организации
offer-assignment-yes = Разрешаю
offer-assignment-no = Запрещаю
offer-assignment-hint = Ответ не влияет на решение и на ставку.
offer-prepare = Получить код для подписи
offer-change = Изменить ответы
offer-sign = Подписать и получить деньги
offer-decline = Отказаться от предложения
offer-change-mind = Передумали после подписи? 14 дней можно вернуть деньги без предупреждения и заплатить только за прошедшие дни.

sign-code = Код из СМС на { $phone }
sign-hint = { $left ->
    [one] Код подписывает именно этот текст, отпечаток { $hash }. Осталась { $left } попытка.
    [few] Код подписывает именно этот текст, отпечаток { $hash }. Осталось { $left } попытки.
   *[other] Код подписывает именно этот текст, отпечаток { $hash }. Осталось { $left } попыток.
}
sign-over = Прошлый код больше не подойдёт. Запросите новый, текст останется тем же.
sign-resend = Прислать новый код
sign-text = Полный текст, который вы подписываете

offer-cancelled-title = Вы отказались от займа
offer-cancelled-what = Договор не действует, деньги не отправлены, вы ничего не должны.
offer-expired-title = Предложение больше не действует
offer-expired-what = Его не подписали в срок. Вы ничего не должны. Данные сохранены, новая заявка займёт минуту.

payout-title = Отправляем { $amount }
payout-sending-what = Договор подписан. Передаём перевод банку.
payout-waiting-what = Банк принял перевод. Ждём, когда деньги дойдут.
payout-unknown-what = Банк пока не ответил. Спрашиваем его снова; второй раз деньги не уйдут.
payout-succeeded-what = Деньги дошли, открываем займ.
payout-account-what = Перевод на счёт идёт через банк 2–3 рабочих дня.
payout-account-next = Напишем в SMS, когда банк отправит деньги. Ждать на этой странице не нужно: проценты считаются со дня, следующего за выдачей.
payout-next = Обычно это меньше минуты. Страница обновится сама и откроет займ. Проценты считаются со дня, следующего за выдачей.
payout-signed = Договор № { $number } подписан { $at }.
payout-contract = Текст договора
payout-failed-title = Деньги не дошли
payout-failed-lead = { $reason } Проценты не начисляются: займ начнётся, только когда деньги придут.
payout-failed-what = Договор подписан и ждёт. Выберите, куда отправить деньги теперь, подписывать заново не нужно.
payout-refused-card = { $card }: перевод не прошёл
payout-same-card = Попробовать ещё раз сюда
payout-use-card = Отправить сюда
payout-failed-help = Не получается? Позвоните: { $hotline }.
payout-reason-general = Банк не принял перевод.
payout-reason-insufficient-funds = Перевод временно не прошёл на нашей стороне.
payout-reason-fraud-suspected = Банк остановил перевод для проверки.
payout-reason-one-time-limit-exceeded = Перевод больше, чем карта принимает за один раз.
payout-reason-periodic-limit-exceeded = Карта приняла больше переводов, чем разрешает банк.
payout-reason-rejected-by-payee = Банк карты отказался принять перевод.
payout-reason-recipient-not-found = Банк не нашёл получателя.
payout-reason-card-expired = Срок карты закончился.
payout-reason-recipient-check-failed = Имя получателя в этом банке другое, чем в договоре.
payout-reason-account-refused = Банк не смог перевести деньги на этот счёт.

cooling-title = Время подумать
cooling-what = Закон даёт подождать, прежде чем деньги уйдут. Отправим { $amount } { $at }, делать ничего не нужно.
cooling-cancel-why = Пока идёт время, можно отказаться бесплатно и без объяснений.
cooling-cancel = Отказаться от займа

card-waiting-title = Проверяем карту
card-waiting-what = Ждём, когда банк подтвердит карту.
card-waiting-next = Обычно это несколько секунд. Страница обновится сама.
card-back = Назад
card-failed-title = Карту привязать не получилось
card-failed-lead = Банк не подтвердил её, или страница закрылась раньше. Деньги с карты не списаны.
card-again = Попробовать снова
schedule-date = Дата
schedule-payment = Платёж
schedule-state = Состояние

cancel-title = Отказаться от займа?
cancel-what = Предложение закроется, и вернуть его нельзя. Вы ничего не заплатите. Анкета сохранится: новая заявка займёт минуту.
