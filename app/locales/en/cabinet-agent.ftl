# Agents: the agreement and messages.
cabinet-agent-agreement-title = Rules for agents
cabinet-agent-agreement-link = You give people your link. A client counts as yours if they registered within { $days } { $days ->
    [one] day
   *[other] days
} of following it, were not here before and did not follow another link first.
cabinet-agent-agreement-fixed = For a loan “{ $title }”: { $value }, once the money has reached the client.
cabinet-agent-agreement-issued = For a loan “{ $title }”: { $value } % of its amount, once the money has reached the client.
cabinet-agent-agreement-interest = For a loan “{ $title }”: { $value } % of the interest that the client has paid.
cabinet-agent-agreement-first = The client's first loan counts.
cabinet-agent-agreement-every = Each loan of the client counts.
cabinet-agent-agreement-returned = If the client gives the whole loan back within { $days } { $days ->
    [one] day
   *[other] days
}, the commission for issuing is taken back.
cabinet-agent-agreement-unpaid = If nothing was paid { $days } { $days ->
    [one] day
   *[other] days
} after the first payment date, the commission for issuing is taken back.
cabinet-agent-agreement-payout = While a commission may be taken back it is not paid out. A payout can be asked for from { $sum }.
cabinet-agent-agreement-price = For the client the price of a loan is the same as without an agent. Do not promise approval or special terms, take no money from a client.
cabinet-agent-agreement-seen = Of a client you see the name, the first letter of the surname, the stage and its day. Agents are shown nothing else; we do not need you to ask for it.
cabinet-agent-sms-invited = { $lender }: you are invited to be an agent. Sign in to the cabinet by this number and open “For agents”.
cabinet-agent-order = Agent's commission, request No. { $number }. No VAT.
