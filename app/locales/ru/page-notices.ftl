# Уведомления: список, каналы, тихие часы, что и когда ушло.
notices-title = Уведомления
notices-bell-unread =
    { $count ->
        [one] Уведомления: { $count } непрочитанное
        [few] Уведомления: { $count } непрочитанных
       *[other] Уведомления: { $count } непрочитанных
    }
notices-none = Пока ничего нет. Здесь появится всё, что мы сообщаем о заявке, деньгах и сроках.
notices-read = Прочитано
notices-fresh = Новое
notices-to-loan = К займу
notices-to-application = К заявке
notices-to-offers = К предложениям
notices-event-due-7 = Напоминание за неделю, по услуге
notices-event-due-3 = Платёж через три дня
notices-event-due-1 = Платёж завтра
notices-event-due-0 = Платёж сегодня
notices-event-debit = Скоро автоплатёж
notices-event-overdue = Платёж не пришёл
notices-event-decision = Ответ по заявке
notices-event-payout = Деньги вам
notices-event-receipt = Платежи и возвраты
notices-event-closing = Займ закрыт
notices-event-chat = Ответ в чате
notices-event-bonus = Бонусы
notices-event-offer = Личные предложения
notices-channel-sms = СМС
notices-channel-mail = Почта
notices-channel-push = Экран
notices-channel-inapp = Здесь
notices-choose = О чём и где сообщать
notices-choose-lead = «Экран»: уведомление на телефоне или компьютере. «Здесь»: список на этой странице.
notices-what = О чём
notices-kept-law = СМС о том, что платёж не пришёл, выключить нельзя: сообщить о нём нас обязывает закон о потребительском кредите.
notices-kept-record = Решения, деньги и закрытие займа всегда остаются в списке: это ваше подтверждение.
notices-kept-codes = Коды и сообщения о входе приходят по СМС всегда: так вы узнаете, если кабинет откроет кто-то другой.
notices-no-mail = Письма начнут приходить, когда вы подтвердите адрес почты.
notices-add-mail = Добавить почту
notices-no-push = Уведомления на экран включаются на странице займа.
notices-no-advertising = Личные предложения — реклама. До согласия на неё они видны только здесь.
notices-quiet = Тихие часы
notices-quiet-lead = В это время не пишем и не будим: напоминания подождут. Часы считаем по вашему региону. Днём, с 9 до 20, оставьте хотя бы { $count } часа.
notices-quiet-from = С
notices-quiet-until = До
notices-quiet-answers = Ответы на мои действия тоже пусть ждут: решение, деньги, чек
notices-ledger = Что и когда мы отправляли
notices-ledger-lead = О долге с просрочкой закон разрешает два сообщения в день, четыре в неделю и шестнадцать в месяц. Мы считаем их здесь.
notices-sent = отправлено { $at }
notices-delivered = доставлено, отправлено { $at }
notices-undelivered = отправлено { $at }, оператор не доставил
notices-failed = отправить не получилось
notices-off = не отправлено: вы это выключили
notices-stale = не отправлено: время прошло
notices-stale-why = не отправлено, время прошло: { $why }
notices-waits = ждёт до { $at }: { $why }
notices-going = отправляем
notices-waits-quiet = тихие часы
notices-waits-hour = у вас раннее утро или поздний вечер
notices-waits-day = на этот день сообщений достаточно
notices-waits-week = на эту неделю сообщений достаточно
notices-waits-month = на этот месяц сообщений достаточно
