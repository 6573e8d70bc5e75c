# Заявления об услугах: канонический текст, всегда по-русски.
cabinet-service-on-title = Заявление о подключении услуги к договору № { $number }
cabinet-service-off-title = Заявление об отказе от услуги к договору № { $number }
cabinet-service-from = Заёмщик: { $name }
cabinet-service-on-ask = Прошу подключить услугу «{ $title }». Оказывает: { $by }.
cabinet-service-on-free = Услуга бесплатная.
cabinet-service-on-price = Стоимость услуги { $price } ({ $words }), один раз. Услуга действует, когда оплата пришла.
cabinet-service-on-psk = Полная стоимость займа без услуги { $without } % годовых, с услугой { $with } % годовых.
cabinet-service-on-refusal = Мне известно: в течение 30 календарных дней от услуги можно отказаться в личном кабинете. Деньги за вычетом использованной части вернут не позже семи рабочих дней (353-ФЗ, статья 7).
cabinet-service-on-free-will = Я подключаю услугу по своей воле. Решение о займе и его условия от неё не зависят.
cabinet-service-off-ask = Отказываюсь от услуги «{ $title }».
cabinet-service-off-nothing = Денег к возврату нет.
cabinet-service-off-back = Вернуть { $sum } ({ $words }) не позже { $date }. За использованную часть удержано { $kept }.
cabinet-service-refund-title = Уведомление о возврате платы за услугу по договору № { $number }
cabinet-service-refund-effect = Деньги возвращены тем же путём, каким пришли. На условия займа возврат не влияет.
cabinet-service-receipt = Это плата за услугу: долг по займу она не уменьшает.
