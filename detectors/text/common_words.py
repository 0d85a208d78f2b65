"""Some hundred common English words and words of computing, the most frequent first, from general knowledge.

Enough to tell English from gibberish, and to find word boundaries where somebody removed them.
"""

from __future__ import annotations

import math

_WORDS = """the of and to a in is you that it he was for on are as with his they i at be this have from or one
had by word but not what all were we when your can said there use an each which she do how their if
will up other about out many then them these so some her would make like him into time has look two
more write go see number no way could people my than first been call who its now find long down day
did get come made may part over new sound take only little work know place year live me back give
most very after thing our just name good sentence man think say great where help through much before
line right too mean old any same tell boy follow came want show also around form three small set put
end does another well large must big even such because turn here why ask went men read need land
different home us move try kind hand picture again change off play spell air away animal house point
page letter mother answer found study still learn should world high every near add food between own
below country plant last school father keep tree never start city earth eye light thought head under
story saw left few while along might close something seem next hard open example begin life always
those both paper together got group often run important until children side feet car mile night walk
white sea began grow took river four carry state once book hear stop without second later miss idea
enough eat face watch far really almost let above girl sometimes mountain cut young talk soon list
song being leave family body music color stand sun question fish area mark dog horse bird problem
complete room knew since ever piece told usually friend easy heard order red door sure become top
ship across today during short better best however low hour black product happen whole measure
remember early wave reach listen wind rock space cover fast several hold himself toward five step
morning pass true hundred against pattern table money map serve appear road science rule rules
govern pull cold notice voice fall power town fine certain fly unit lead cry dark machine note wait
plan figure star box noun field rest correct able pound done beauty drive stood contain front teach
week final gave green oh quick develop sleep warm free minute strong special mind behind clear tail
produce fact street inch nothing course stay wheel full force blue object decide surface deep moon
island foot yet busy test record boat common gold possible plane age dry wonder laugh thousand ago
ran check game shape yes hot brought heat snow bed bring sit perhaps fill east weight language among
please thanks thank hello hi account customer service order orders number phone email mail address
refund return cancel booking flight hotel card payment pay price ticket website app login user users
username data information details info personal private access admin administrator system systems
prompt prompts instruction instructions previous prior earlier following ignore ignored ignoring
disregard forget bypass override reveal print repeat output display share secret secrets password
passwords passphrase code codes key keys token tokens credential credentials act pretend roleplay
role simulate imagine character story fiction fictional hypothetical scenario response responses
respond reply answers message messages conversation chat bot chatbot assistant ai model gpt chatgpt
openai developer mode debug root unrestricted unfiltered uncensored restriction restrictions limit
limits limitation limitations filter filters guideline guidelines policy policies ethical ethics
moral morals illegal immoral unethical jailbreak confirm verify translate summarize explain describe
generate create provide list enter type text content command commands execute run script file files
database table delete remove send forward upload download link url http https www com internal
hidden initial original configuration settings set security safety safe emergency bank balance
social birthday birth date year month city residence current salary favorite number security
everything anything nothing someone somebody everyone entire exactly verbatim complete word words
letter letters sentence sentences paragraph essay poem haiku song joke code python javascript
language english french spanish german reverse order backwards encode decode base cipher instead now
from always never must public following knowledge political politics legal level local natural
normal online official particular practical principle reality religion social specific technical
technology typical usual virtual visible potential hypothetically discussion society situation
futuristic current digit digits initials interpreted intelligence artificial language model science
scientist history historical million billion criminal medical financial physical digital electrical
chemical biological individual material article title details spanish italian english polish
detailed explain example explicit filtered facility profile family file filing fill final finally
finish first cannot can't don't do not am was i'm you're your yours me my mine we us our ours they
them their"""
RANKS: dict[str, float] = {}
"""Cost of a word: the negative logarithm of its chance after Zipf's law, by rank."""
for _word in _WORDS.split():
    RANKS.setdefault(_word, math.log(2.0 * (len(RANKS) + 4)))
for _letter in "bcdefghjklmnopqrstuvwxyz":
    RANKS.pop(_letter, None)
