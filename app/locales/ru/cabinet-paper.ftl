# Слова документов в PDF. Документ по-русски, на каком бы языке ни были страницы.
cabinet-paper-page = Страница
cabinet-paper-of = из
cabinet-paper-hash = Отпечаток текста SHA-256 (16 знаков в группе):
cabinet-paper-total = Итого
cabinet-paper-terms-number = №
cabinet-paper-terms-title = Условие
cabinet-paper-terms-text = Содержание условия
cabinet-paper-unsigned = Ещё не подписан. Прочитайте спокойно: документ вступит в силу, только когда вы введёте код.
cabinet-paper-version = Редакция от { $version }
cabinet-paper-evidence = Подписано простой электронной подписью
cabinet-paper-evidence-consent = Как и когда дано согласие
cabinet-paper-evidence-agreement = Как и когда принято соглашение
cabinet-paper-evidence-service = Как и когда подано заявление
cabinet-paper-service-pressed = Кнопкой в личном кабинете
cabinet-paper-sign-phone = Телефон
cabinet-paper-sign-sent = Код отправлен
cabinet-paper-sign-entered = Код введён
cabinet-paper-sign-address = Сетевой адрес
cabinet-paper-sign-code = Отпечаток кода
cabinet-paper-sign-hash = Отпечаток подписанного
cabinet-paper-consent-how = Как дано
cabinet-paper-consent-ticked = Отметкой в личном кабинете
cabinet-paper-consent-at = Когда
cabinet-paper-consent-agent = Браузер
cabinet-paper-consent-hash = Отпечаток показанных слов
cabinet-paper-seal = Подписано кредитором
cabinet-paper-seal-note = Проверить подлинность может каждый: наведите камеру на код или откройте адрес. Личных данных там нет.
cabinet-paper-seal-number = Номер
cabinet-paper-seal-at = Составлено
cabinet-paper-seal-key = Ключ Ed25519
cabinet-paper-seal-signature = Подпись
cabinet-paper-days = { $count ->
    [one] { $count } день
    [few] { $count } дня
   *[other] { $count } дней
}
cabinet-paper-payments = { $count ->
    [one] { $count } платёж
    [few] { $count } платежа
   *[other] { $count } платежей
}
cabinet-paper-of-contract = Договор № { $number } от { $lent }, сумма займа { $amount }
cabinet-paper-operations = Операции
cabinet-paper-debt-parts = Из чего состоит долг
cabinet-paper-where-money-went = Куда пошли деньги
cabinet-paper-reasons = Причины
cabinet-paper-answers = О заявителе
cabinet-paper-parts-columns = № | Что | Сумма
cabinet-paper-claim-overdue-interest = Просроченные проценты
cabinet-paper-claim-overdue-principal = Просроченный основной долг
cabinet-paper-claim-interest = Проценты
cabinet-paper-claim-principal = Основной долг
cabinet-paper-claim-penalty = Неустойка
cabinet-paper-claim-other = Плата за услуги
cabinet-paper-claim-over = Сверх долга: эти деньги ваши
cabinet-paper-op-disbursement = Деньги переданы
cabinet-paper-op-payment = Платёж
cabinet-paper-op-prolongation = Продление
cabinet-paper-op-refund = Возврат денег
cabinet-paper-op-top-up = Пополнение
cabinet-paper-op-debit = Списание в счёт долга

cabinet-paper-application-title = Заявление о предоставлении потребительского займа
cabinet-paper-application-ask = Прошу предоставить потребительский заём { $amount } ({ $words }), срок: { $term }, продукт «{ $product }».
cabinet-paper-application-income = Место работы: { $employer }. Доход в месяц { $income }, расходы { $expenses }, платежи по другим займам { $obligations }.
cabinet-paper-application-consent = { $title }: редакция от { $version }, дано { $at }.
cabinet-paper-application-how = Заявление подано в личном кабинете. Сведения указаны самим заявителем.

cabinet-paper-refusal-title = Уведомление об отказе в выдаче займа
cabinet-paper-refusal-what = Вы просили заём { $amount }. Сейчас мы не можем его выдать.

cabinet-paper-receipt-title = Квитанция № { $number }
cabinet-paper-receipt-sum = Получено { $amount } ({ $words }).
cabinet-paper-receipt-when = Деньги получены { $at }, засчитаны на { $on }.
cabinet-paper-receipt-way = Способ: { $way }
cabinet-paper-receipt-reference = Номер операции: { $reference }
cabinet-paper-receipt-balance = Деньги зачислены на ваш баланс. Они спишутся в счёт долга в день платежа или по вашей команде.

cabinet-paper-refund-title = Уведомление о возврате излишка по договору № { $number }
cabinet-paper-refund-sum = Возвращено { $amount } ({ $words }).
cabinet-paper-refund-when = Вы попросили о возврате { $asked }, деньги ушли { $done }.
cabinet-paper-refund-effect = Деньги возвращены тем же путём, каким пришли. На долг и его условия возврат не влияет.

cabinet-paper-statement-title = Выписка № { $number }
cabinet-paper-statement-period = Период: с { $from } по { $to } включительно
cabinet-paper-statement-opening = Долг на начало периода: { $sum }
cabinet-paper-statement-lent = Передано заёмщику: { $sum }
cabinet-paper-statement-accrued = Начислено процентов, неустойки и платы за услуги: { $sum }
cabinet-paper-statement-repaid = Зачтено в счёт долга: { $sum }
cabinet-paper-statement-written-off = Списано кредитором: { $sum }
cabinet-paper-statement-closing = Итого долг на конец периода: { $sum } ({ $words })
cabinet-paper-statement-nothing = За этот период операций не было.
cabinet-paper-statement-columns = Дата | Операция | Сумма | В основной долг | В проценты | Прочее | Долг в конце дня
cabinet-paper-statement-rule = Долг на начало, переданное и начисленное за вычетом зачтённого дают долг на конец.

cabinet-paper-debt-title = Справка № { $number } о задолженности
cabinet-paper-debt-on = Задолженность на конец дня { $date }:
cabinet-paper-debt-total = Итого, если закрыть заём в этот день: { $sum } ({ $words })
cabinet-paper-debt-overdue = Просрочка: { $days ->
    [one] { $days } день
    [few] { $days } дня
   *[other] { $days } дней
}.
cabinet-paper-debt-not-overdue = Просрочки нет.

cabinet-paper-lender-title = Сведения о кредиторе
cabinet-paper-lender-name = Наименование: { $value }
cabinet-paper-lender-registry = Номер в государственном реестре микрофинансовых организаций: { $value }
cabinet-paper-lender-sro = Саморегулируемая организация: { $value }
cabinet-paper-lender-inn = ИНН: { $value }
cabinet-paper-lender-ogrn = ОГРН: { $value }
cabinet-paper-lender-address = Адрес: { $value }
cabinet-paper-lender-site = Сайт: { $value }
cabinet-paper-lender-hotline = Телефон: { $value }
cabinet-paper-lender-email = Почта: { $value }
cabinet-paper-lender-complaints = Если мы не помогли, обратитесь в саморегулируемую организацию, к финансовому уполномоченному или в интернет-приёмную Банка России.

cabinet-paper-tariffs-title = Тарифы
cabinet-paper-tariffs-columns = Продукт | Сумма | Срок | Ставка годовых | Полная стоимость
cabinet-paper-tariffs-penalty = «{ $product }»: неустойка { $rate } % годовых на просроченную часть основного долга.
cabinet-paper-tariffs-service = По желанию заёмщика, после выдачи: «{ $service }», { $price } один раз.
cabinet-paper-tariffs-free = По желанию заёмщика, после выдачи: «{ $service }», бесплатно.
cabinet-paper-tariffs-rest = Платных услуг для получения займа нет. Полная стоимость названа для крайних сумм и сроков; точную показывает калькулятор и договор.

cabinet-paper-kind-application = Заявление
cabinet-paper-kind-consent = Согласие
cabinet-paper-kind-agreement = Соглашение об электронной подписи
cabinet-paper-kind-contract = Индивидуальные условия
cabinet-paper-kind-schedule = График платежей
cabinet-paper-kind-prolongation = Соглашение о продлении
cabinet-paper-kind-receipt = Квитанция
cabinet-paper-kind-statement = Выписка
cabinet-paper-kind-debt = Справка о задолженности
cabinet-paper-kind-certificate = Справка о закрытии займа
cabinet-paper-kind-refusal = Уведомление об отказе
cabinet-paper-kind-refund = Уведомление о возврате
cabinet-paper-kind-service = Заявление об услуге
cabinet-paper-kind-service-refusal = Отказ от услуги

legal-privacy-title = Политика обработки персональных данных
legal-privacy-1 = { $lender } (ИНН { $inn }, ОГРН { $ogrn }, { $address }) обрабатывает персональные данные по Федеральному закону «О персональных данных». Эта политика действует с { $date } и открыта для каждого.
legal-privacy-2 = Чьи данные: тех, кто оставил заявку или взял заём, и тех, кто обратился к нам. Каких данных мы касаемся и зачем, сказано в согласии на обработку персональных данных; лишнего мы не спрашиваем.
legal-privacy-3 = Как храним: базы данных находятся в России, личные поля зашифрованы, каждое обращение сотрудника к данным записывается с причиной. Номера карт мы не получаем: их вводят на странице платёжной организации.
legal-privacy-4 = Сколько храним: пока рассматривается заявка и действует договор, и пять лет после его конца, как требует закон о противодействии отмыванию доходов. Потом данные удаляются.
legal-privacy-5 = Кому передаём: бюро кредитных историй, платёжной организации, Банку России и судам, когда этого требует закон или ваше согласие. Данные не продаются.
legal-privacy-6 = Ваши права: узнать, что о вас хранится, и забрать копию в кабинете, исправить ошибку, отозвать согласие, пожаловаться в Роскомнадзор. Напишите на { $email } или позвоните { $hotline }: ответим за десять рабочих дней.
cabinet-paper-kind-rate-cut = Новый график: ставка уменьшена
cabinet-paper-rate-cut-title = Уведомление об уменьшении процентной ставки по договору № { $number }
cabinet-paper-rate-cut-what = С { $from } процентная ставка { $rate } вместо { $before }. Кредитор уменьшил её сам, согласие заёмщика для этого не нужно (353-ФЗ, статья 5, часть 16).
cabinet-paper-rate-cut-saved = Если платить по графику ниже, за весь оставшийся срок платежи станут меньше на { $saved } ({ $words }).
cabinet-paper-rate-cut-rest = Даты платежей и остальные условия договора не меняются.
