"""Word classes of injection: words with which an attack tells a model what to do, to be, to give.

Classes, not phrases: an attack is seen by what stands near what ("ignore" near "instructions"), so a phrasing
nobody has seen counts as well. Lower case, without apostrophes and accents; the common words of some other
languages stand beside the English ones.
"""

from __future__ import annotations

_CLASSES = {
    # leave behind
    "drop": """
        ignore ignores ignored ignoring disregard disregards disregarded disregarding forget forgets
        forgetting forgot bypass bypasses bypassing override overrides overriding circumvent
        circumventing overlook overlooking neglect neglecting dismiss abandon disobey unlearn violate
        evade skip omit vergiss vergessen ignoriere ignorieren missachte missachten uberspringe oublie
        oubliez oublier ignorez ignorer olvida olvide olvidate ignora ignorar omite dimentica
        dimenticate ignorate trascura esqueca esquece desconsidere vergeet negeer zapomnij zignoruj
        zaboravi ignoriraj glem ignorer glom unut забудь игнорируй проигнорируй
    """,
    "before": """
        previous prior above earlier preceding before initial original foregoing former past existing
        everything all any every other these those your system safety vorherigen vorherige vorige
        vorigen bisherigen obigen alle alles precedentes precedent precedente precedenti anteriores
        anterior toutes todas todo todos tutte tutti предыдущие предыдущих все
    """,
    "rules": """
        instruction instructions prompt prompts rule rules guideline guidelines directive directives
        command commands programming restriction restrictions constraint constraints limitation
        limitations filter filters safeguards guardrails guardrail censorship ethics alignment
        conditioning anweisung anweisungen instruktion instruktionen regeln vorgaben befehle aufgaben
        consigne consignes regles instrucciones instruccion reglas indicaciones istruzioni regole
        instrucoes regras instructies polecenia instrukcje upute instruktioner talimatlari инструкции
        правила указания
    """,
    "said": """
        said told text message messages conversation task tasks assignment assignments policies policy
    """,
    # hand out
    "show": """
        reveal reveals show print repeat output tell give display leak recite share state say spell
        write disclose expose summarize summarise dump return copy paste translate encode provide whats
        what list verify confirm send read explain describe complete know need want sag sage nenne zeige
        gib dis donne montre dime dame muestra revela dimmi mostra diga mostre
    """,
    "secret": """
        password passwords passphrase passcode passcodes passwort kennwort contrasena senha wachtwoord
        haslo apikey credential credentials secrets pwd flag пароль
    """,
    "secretly": "secret hidden confidential internal private admin classified",
    "own": "your you yours ur youre youve its their the this system openai",
    "prompt": """
        prompt prompts instruction instructions configuration directives guidelines rules preprompt
        initialization systemprompt messages key code word phrase keys phrases
    """,
    # be somebody else
    "act": """
        act acts acting pretend pretending roleplay roleplaying simulate simulating simulator
        impersonate impersonating behave behaving imagine play playing emulate emulating become becoming
        respond responding answer answering embody assume named called character persona personality
        alter ego mode agis fais actua finge comportati verhalte spiele
    """,
    "free": """
        unrestricted unfiltered uncensored amoral immoral unethical unlimited nsfw unbound limitless
        unhinged jailbroken jailbreak jailbreaking lawless unconstrained unshackled unmoderated ruthless
        evil illegal nefarious profanity swearing curse
    """,
    "not": """
        no without zero not never free lacks lacking ignores bypasses beyond nothing isnt doesnt dont
        cant
    """,
    "limit": """
        limit limits restriction restrictions rules filter filters moral morals morality ethics ethical
        ethically boundaries guidelines limitations censorship censored constraints law laws legality
        policies policy filtering restricted bound scruples inhibitions warnings warning disclaimer
        disclaimers
    """,
    "refuse": """
        refuse refuses refusing reject rejects decline declines deny apologize apologise sorry cannot
        refusal refusals
    """,
    "ai": """
        ai chatbot bot assistant chatgpt gpt gpt3 gpt4 llm model openai anthropic claude gemini bard
        llama aim dan dude stan bing copilot gpts robot
    """,
    "you": "you youre your u",
    "yours": "your yours ur",
    "now": "now henceforth hereafter onwards onward forward",
    "must": "must will shall always only are going should can",
    "fiction": """
        hypothetical hypothetically fictional fictitious novel story world scenario dream parallel
        universe
    """,
    "person": """
        users customers someones somebodys persons patients clients employees everyones anothers user
        customer victims neighbors
    """,
    "private": """
        birthday birthdate birthplace address email phone bank account balance ssn salary residence
        location password city birth credit passport license income medical
    """,
    "role": """
        developer admin administrator creator engineer programmer owner operator ceo president police
        officer agent manager boss researcher auditor technician god supervisor doctor lawyer fbi
        sysadmin entwickler administrador
    """,
    "reply": "response reply answer answers responses replies output summary outputs",
    "reshape": """
        add include insert append embed integrate modify alter change convert replace scramble reverse
        remove combine introduce use end start begin finish format present craft write encode translate
        enhance conclude incorporate substitute randomly mention suggest capitalize every words letters
        recommend promote
    """,
    "new": "new next following real actual true instead additional updated",
    "task": """
        task tasks job goal role mission instruction instructions objective assignment purpose orders
        aufgabe tarea tache
    """,
    "harm": """
        bomb bombs explosive explosives weapon weapons meth cocaine malware ransomware hack hacking
        exploit exploits phishing kill murder poison steal racist porn hitler
    """,
}

CLASS_NAMES: tuple[str, ...] = tuple(_CLASSES)
CLASSES: dict[str, tuple[int, ...]] = {}
"""Word to its classes, ascending."""
for _index, _words in enumerate(_CLASSES.values()):
    for _word in dict.fromkeys(_words.split()):
        CLASSES[_word] = (*CLASSES.get(_word, ()), _index)
