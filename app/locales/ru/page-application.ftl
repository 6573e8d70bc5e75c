# Заявка: где она, с какого времени и почему; главная страница кабинета.
count-payments = { $count ->
    [one] { $count } платёж
    [few] { $count } платежа
   *[other] { $count } платежей
}
waiting-since = С { $at }
waiting-look = Проверить сейчас

status-title = Заявка
status-asked = { $amount } на { $term }
status-way = Как идёт заявка
status-again = К калькулятору

status-draft-title = Заявка не отправлена
status-filed-title = Заявка у нас
status-filed-what = Ждём своей очереди на проверку.
status-checking-title = Проверяем заявку
status-checking-what = Ждём ответа бюро кредитных историй и сверяем данные.
status-checking-next = Обычно это меньше минуты. Страница обновится сама, ответ придёт и в СМС.

status-approved-title = Заявка одобрена
status-approved-what = Условия готовы. Прочитайте их и решите: подписывать не обязательно.
status-issued-what = Деньги выданы, займ открыт.
status-to-offer = Прочитать условия
status-to-loan = Открыть займ

status-refused-title = Сейчас дать займ не можем
status-refused-what = Вот почему:
status-refused-from = Новую заявку можно подать с { $date }.
status-refused-paper = Скачать уведомление об отказе (PDF)
status-refused-next = Если данные в бюро устарели или в них ошибка, позвоните: { $hotline }. Проверим вместе.
status-rule-reference = Основание: { $reference }

status-specialist-title = Заявку смотрит специалист
status-specialist-what = Программа не решает такое сама: ваш ответ готовит человек. Иногда он звонит, чтобы уточнить данные.
status-specialist-next = Отвечаем в часы работы: { $hours }. Решение придёт в СМС и появится здесь.
status-number = Номер заявки, если будете звонить:

status-expired-title = Предложение больше не действует
status-expired-what = Его не подписали в срок, и оно закрылось. Вы ничего не должны. Данные сохранены, новая заявка займёт минуту.
status-cancelled-title = Вы отказались от займа
status-cancelled-what = Договор не действует, вы ничего не должны.

status-step-draft = Заявка начата
status-step-filed = Заявка отправлена
status-step-checking = Проверка началась
status-step-approved = Одобрена
status-step-refused = Отказ
status-step-specialist = Передана специалисту
status-step-expired = Предложение закрылось
status-step-cancelled = Вы отказались
status-step-decision = Решение

status-rule-self-ban = У вас стоит запрет на выдачу кредитов и займов. Снять его можно на Госуслугах; после этого подайте заявку снова.
status-rule-expensive-loans = У вас уже открыты дорогие займы, больше закон не разрешает.
status-rule-expensive-pause = После погашения дорогого займа должно пройти несколько дней.
status-rule-daily-rate-cap = Ставка вышла выше той, что разрешает закон.
status-rule-psk-cap = Полная стоимость вышла выше той, что разрешает закон.
status-rule-fraud-database = Данные совпали с базой мошеннических операций. Если это ошибка, её исправляет Банк России: подайте обращение через его интернет-приёмную.
status-rule-biometrics = Нужно подтвердить личность по биометрии.
status-rule-open-loan = У вас уже открыт займ. Погасите его, и можно будет взять новый.
status-rule-licence-limit = Вместе с этим займом долг превысит предел, который установлен для нас законом.
status-rule-yearly-limit = За год уже выдано столько коротких займов, сколько разрешено.
status-rule-age = Займ можно взять с 18 лет.
status-rule-passport = Паспорт больше не действует. Получите новый и обновите данные в анкете.
status-rule-passport-changed = Паспорт другой, чем в прошлой заявке, и подтвердить его не получилось. Напишите нам через обращение и приложите фото.
status-rule-score = Оценка по нашей модели ниже, чем нужно. Она меняется, когда закрываются долги.
status-rule-burden = Платежи по долгам слишком велики для дохода, который мы можем учесть. Если доход выше среднего по региону, подтвердите его документом.
status-rule-other = Этого не разрешает правило, названное ниже.
status-basis-self-ban = статья 7 закона № 353-ФЗ, запрет действует с 1 марта 2025 года
status-basis-expensive-loans = закон об ограничении дорогих займов, действует с 1 октября 2026 года
status-basis-expensive-pause = закон об ограничении дорогих займов, действует с 1 апреля 2027 года
status-basis-daily-rate-cap = часть 23 статьи 5 закона № 353-ФЗ
status-basis-psk-cap = часть 11 статьи 6 закона № 353-ФЗ
status-basis-fraud-database = база Банка России о случаях мошенничества, проверка обязательна с 1 сентября 2025 года
status-basis-biometrics = закон № 151-ФЗ, подтверждение личности по биометрии
status-basis-open-loan = статья 10 базового стандарта саморегулируемых организаций
status-basis-yearly-limit = статья 10 базового стандарта саморегулируемых организаций
status-basis-licence-limit = статья 12 закона № 151-ФЗ
status-basis-age = статья 21 Гражданского кодекса
status-basis-passport = постановление Правительства № 2267 от 23 декабря 2023 года
status-basis-score = оценка самой компании, не требование закона
status-basis-burden = правило самой компании, не требование закона

status-pdn-proved = Долговая нагрузка { $percent }: платежи { $payments } в месяц из подтверждённого дохода { $income }.
status-pdn-region = Долговая нагрузка { $percent }: платежи { $payments } в месяц из среднего дохода по региону { $income }.
status-pdn-warning = Больше половины дохода уйдёт на платежи по долгам. Есть риск, что платить вовремя не получится, и тогда начислят пени.
status-income = Взяли средний доход по региону: введённый в анкету закон не разрешает считать без документа. Если ваш выше, пришлите снимок справки: специалист учтёт его.

home-title = Мои займы
home-debt = Долг сегодня
home-late = Срок прошёл. Что делать и сколько нужно, видно на странице займа.
home-to-loan = Открыть займ
home-continue = Продолжить заявку
home-to-application = Открыть заявку
home-empty-title = Открытых займов нет
home-empty-first = Посчитайте, сколько возвращать и когда, ещё до заявки.
home-empty-again = Вы ничего не должны. Если понадобится снова, анкета уже заполнена.
home-calculator = К калькулятору
home-closed = Закрытые займы
home-certificate = Справка
status-paper-asked = Специалист просит: { $what }
