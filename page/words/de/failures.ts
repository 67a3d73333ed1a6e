/** @file What was refused or failed, in German, by the server's code. */
import type { FailureTexts } from '../failures.ts';

/** With values first; what is left is said where they are not known. */
export const failures: FailureTexts = {
  // Studio and its work folder
  SESSION_NEEDED: [
    'Diese Seite ist nicht mehr angemeldet. Bitte die Adresse aus dem Terminal öffnen.',
  ],
  UNEXPECTED: [
    'Etwas Unerwartetes ist schiefgegangen. Im Terminal von Studio, im Tab in der Konsole, steht, was.',
  ],
  INPUT_INVALID: ['Damit kann Studio nichts anfangen.'],
  NOT_HERE: ['Das gibt es nicht mehr. Bitte noch einmal in die Liste sehen.'],
  PATH_FROM_PAGE: ['Aus der Seite heraus werden keine Dateien dieses Rechners genannt.'],
  NAME_NOT_A_PATH: ['So kann eine Datei nicht auf jedem System heißen. Bitte umbenennen.'],
  HELPER_ENDED: [
    'Der Prozess, der das berechnet, ist unerwartet verschwunden; vielleicht war der Arbeitsspeicher voll. Bitte noch einmal versuchen.',
  ],
  JSON_LINES_INVALID: ['In einer Datei des Laufs ist eine Zeile beschädigt.'],

  // Files and the machine
  DISK_FULL: [
    'Es werden bis zu {needed} gebraucht, und {free} sind frei. Weniger Sicherungen behalten, oder Platz schaffen.',
    'Die Festplatte ist voll. Bitte Platz schaffen und noch einmal versuchen.',
  ],
  NOT_WRITABLE: ['Der Ordner lässt sich nicht beschreiben. Bitte seine Rechte ändern.'],
  NOT_READABLE: ['Eine Datei lässt sich nicht lesen. Bitte ihre Rechte ändern.'],
  FILE_NOT_FOUND: ['Eine Datei, die gebraucht wird, ist nicht mehr da.'],
  FOLDER_NOT_FOUND: ['Ein Ordner, der gebraucht wird, ist nicht mehr da.'],
  FOLDER_MISSING: ['Der Ordner mit den Bildern ist nicht mehr da.'],
  TOO_MANY_FILES: ['Zu viele Dateien sind offen. Bitte andere Programme schließen.'],
  MEMORY_TOO_SMALL: [
    'In einem Stück braucht ein Schritt {whole}, und da sind {available}. Mit dem Wert {setting} wird er in Teile zerlegt, die hineinpassen.',
    'Ein Schritt braucht mindestens {needed}, und da sind {available}. Mit Bildern von {side} Pixeln passt er.',
    'Ein Schritt braucht mindestens {needed}, und da sind {available}. Weniger Bilder auf einmal, kleinere Bilder oder ein kleineres Modell passen.',
    'Der Arbeitsspeicher reicht dafür nicht. Kleinere oder weniger Bilder auf einmal passen.',
  ],
  DEVICE_LIMITS: [
    'So große Werte nimmt die Grafikeinheit dieses Browsers nicht. Kleinere oder weniger Bilder auf einmal passen, oder der Prozessor rechnet.',
  ],
  DEVICE_UNAVAILABLE: [
    '{device} geht auf diesem Rechner nicht; es gehen: {known}.',
    'Dieses Gerät geht auf diesem Rechner nicht.',
  ],
  SESSION_FAILED: ['Das Modell ließ sich auf diesem Gerät nicht ausführen.'],

  // Pictures and their texts
  NO_IMAGES: ['In diesem Satz sind noch keine Bilder. Bitte welche hinzufügen.'],
  IMAGES_MISSING: ['Bitte die Bilder wählen, aus denen gelernt wird.'],
  IMAGE_UNREADABLE: [
    'Das ist kein lesbares Bild in PNG, JPEG, WebP oder HEIC, was auch immer sein Name sagt.',
  ],
  IMAGE_TOO_LARGE: [
    'Das Bild hat {pixels} Millionen Pixel, höchstens {most} gehen. Bitte kleiner machen.',
  ],
  NOT_SAFETENSORS: [
    'Das ist keine .safetensors-Datei. Bitte als solche speichern: Andere Formate können Programme enthalten.',
  ],
  NOT_AN_ADAPTER: ['Das ist weder ein Adapter noch ein ganzes Modell.'],
  ADAPTER_OF_RUN: ['Das ist der Adapter eines Laufs und wird mit ihm entfernt.'],
  TOO_LARGE: [
    'Die Datei darf höchstens {most} groß sein. Bitte kleiner machen.',
    'Das ist zu groß.',
  ],
  TOO_MANY_PICTURES: ['Mehr als {most} Bilder gehen nicht in einen Satz; wenige genügen.'],
  DATASET_BUNDLED: [
    'Diese Bilder sind mit krona gekommen und bleiben, wie sie sind. Eine Kopie lässt sich ändern.',
  ],
  FRAMES_INVALID: [
    'In der Datei des Satzes sind die Ausschnitte beschädigt. Bitte sie neu setzen.',
  ],
  CAPTION_EMPTY: ['Eine Beschreibung ist leer. Bitte etwas hineinschreiben, oder sie entfernen.'],
  CAPTION_LISTED: [
    'Die Beschreibung von {name} steht in metadata.jsonl und bleibt dort. Eine andere schreiben, die davor gilt, oder dort die Zeile entfernen.',
  ],
  CAPTIONS_MISSING: [
    'Es soll nach Beschreibungen gelernt werden, aber kein Bild hat eine. Welche schreiben, oder die Einstellung weglassen.',
  ],
  MASKS_MISSING: [
    'Es soll nach Masken gelernt werden, aber kein Bild hat eine. Welche anlegen, oder die Einstellung weglassen.',
  ],
  MASK_BLACK: [
    'Eine Maske ist überall schwarz, wo das Bild gelernt wird: So bleibt nichts zu lernen. Weiß ist, was gelernt wird.',
  ],
  METADATA_INVALID: [
    'In metadata.jsonl ist eine Zeile nicht zu lesen. Bitte sie berichtigen oder entfernen.',
  ],
  TEXT_ENCODING: ['Ein Text ist nicht in UTF-8 geschrieben. Bitte neu schreiben oder umwandeln.'],
  UNKNOWN_PLACEHOLDER: [
    '„{written}“ steht für nichts. Für das, was gelernt wird, schreibt man das Wort subject in geschweiften Klammern.',
  ],

  // What is to be trained
  UNKNOWN_SETTING: ['Diese Einstellung gibt es nicht.'],
  INVALID_SETTING: [
    'Der Wert ist zu klein: mindestens {least}.',
    'Der Wert ist zu groß: höchstens {most}.',
    'Der Wert ist zu klein: Er muss größer sein als {above}.',
    'Der Wert ist zu groß: Er muss kleiner sein als {below}.',
    'Dieser Wert geht hier nicht.',
  ],
  SETTING_UNHEEDED: [
    'Diese Einstellung wirkt nur zusammen mit einer anderen. Diese auch setzen, oder sie weglassen.',
  ],
  IMAGES_OF_SEVERAL: [
    'Jedes Motiv des Laufs wird mit seinen eigenen Bildern verglichen: Andere bitte weglassen.',
  ],
  ADAPTER_OPTIONS: [
    'Der Wert ist zu klein: mindestens {least}.',
    'Der Wert ist zu groß: höchstens {most}.',
    'Der Wert ist zu klein: Er muss größer sein als {above}.',
    'Der Wert ist zu groß: Er muss kleiner sein als {below}.',
    'Dieser Wert geht mit diesem Verfahren nicht.',
  ],
  UNKNOWN_ADAPTER: ['Dieses Verfahren gibt es nicht.'],
  SUBJECT_WITHOUT_CLASS: [
    'Erwartet werden ein seltenes Wort und die Art des Dings, etwa „sks dog“: Die Art sagt dem Modell, was es lernt.',
  ],
  SUBJECT_IS_SENTENCE: [
    'Nur das seltene Wort und die Art, etwa „sks dog“; was darum herum steht, gehört in die Beschreibung.',
  ],
  SUBJECT_CHARACTERS: ['Hier stehen nur Wörter, etwa „sks dog“, keine Klammern oder Zeichen.'],
  WORD_NOT_IN_PROMPT: [
    'Das neue Wort kommt in der Beschreibung nicht vor und würde nicht gelernt.',
  ],
  FACTOR_DOES_NOT_DIVIDE: ['{value} teilt {size} nicht. In der Nähe gehen {near}.'],
  RANK_TOO_LARGE: ['{rank} ist zu groß: Mit {most} ist schon jede Änderung möglich.'],
  PICTURE_SIZE: ['{pixels} Pixel gehen nicht; es müssen Vielfache von {multiple} sein.'],
  RESOLUTION_TOO_LARGE: ['Für so große Bilder lässt sich der Speicher nicht vorausberechnen.'],
  LEARNING_RATE_WARMUP: ['Die Anlaufschritte sind mehr als alle Schritte.'],
  LEARNING_RATE_END: ['Die Lernrate am Ende muss kleiner sein als die am Anfang.'],
  LEARNING_RATE_RULES: ['Erwartet werden Faktoren mit ihren Schritten, etwa 1:100,0.1:200,0.01.'],
  PRIOR_TWICE: ['Bilder der Klasse werden gezeichnet oder gegeben, nicht beides.'],
  PRIOR_SAMPLES: [
    'Neben den Bildern der Klasse bleibt kein Platz für die eigenen. Mehr Bilder auf einmal nehmen.',
  ],
  NO_SITES: ['Diese Auswahl trifft keine Stelle des Modells.'],
  IDLE_SITES: ['An diesen Stellen gibt es nichts zu lernen. Bitte andere wählen.'],
  INIT_METHOD: ['Der Adapter, von dem es weitergehen soll, hat ein anderes Verfahren.'],
  INIT_OPTIONS: ['Ein Adapter geht weiter, wie er ist: Diese Einstellung bitte weglassen.'],
  INIT_TARGETS: ['Ein Adapter geht an seinen eigenen Stellen weiter: Die Auswahl bitte weglassen.'],
  INIT_WORD: ['Der Adapter hat ein Wort gelernt, das hier nicht vorkommt.'],
  INIT_CHANGED: ['Der Adapter, von dem dieser Lauf ausging, ist nicht mehr derselbe.'],

  // Runs and jobs
  RUN_NAME: ['„{name}“ kann kein Lauf heißen: Buchstaben, Ziffern und Bindestriche gehen immer.'],
  RUN_EXISTS: ['Einen Lauf „{name}“ gibt es schon. Bitte einen anderen Namen wählen.'],
  RUN_IN_USE: [
    '{name} wird gerade trainiert. Warten, bis es fertig ist, oder anhalten.',
    'Daran wird gerade gearbeitet.',
  ],
  RUN_FINISHED: [
    '{name} hat alle {steps} Schritte gemacht. Zum Weitermachen mehr Schritte angeben.',
  ],
  RUN_NOT_RUNNING: ['An diesem Lauf arbeitet gerade niemand.'],
  RUN_REMOVED: ['Der Ordner des Laufs wurde entfernt oder umbenannt, während er lief.'],
  RUN_STOPPED: ['Jemand hat dieses Training angehalten. Beim nächsten Versuch geht es weiter.'],
  RUN_VERSION: ['Die Datei des Laufs ist beschädigt oder von einer anderen Version.'],
  RUN_CHANGED: [
    'Am Lauf wurde etwas geändert, seit er gesichert wurde. Zurückändern, oder neu beginnen.',
  ],
  DATASET_CHANGED: [
    'Die Bilder oder Texte des Laufs sind andere als bei seiner Sicherung. Neu beginnen.',
  ],
  DATASET_BROKEN: ['Was der Lauf aus den Bildern berechnet hat, ist beschädigt.'],
  BASE_CHANGED: ['Das Modell ist nicht mehr das, mit dem dieser Lauf begann.'],
  CHECKPOINT_BROKEN: [
    'Eine Sicherung ist beschädigt. Von der davor geht es weiter, wenn sie entfernt ist.',
  ],
  CONTROL_SILENT: [
    'Der Prozess hat nicht geantwortet; vielleicht ist er beschäftigt. Bitte noch einmal versuchen.',
  ],
  STEPS_FEWER: ['Ein Lauf kann mehr Schritte bekommen, nicht weniger.'],
  STEPS_OTHER_RATES: [
    'Mit so vielen Schritten wäre die Lernrate von Anfang an eine andere gewesen. Bitte einen neuen Lauf beginnen.',
  ],
  LOSS_NOT_FINITE: [
    'Das Lernen ist aus dem Ruder gelaufen. Mit einer kleineren Lernrate neu beginnen, etwa einem Zehntel.',
  ],
  JOB_INVALID: ['Die Datei dieser Aufgabe ist beschädigt.'],
  JOB_RUNNING: ['{title} wird gerade trainiert. Bitte erst den Lauf anhalten.'],
  JOB_NOT_HELD: ['{title}: Da gibt es nichts noch einmal zu versuchen.'],
  PROCESS_KILLED: ['Sein Prozess wurde beendet; vielleicht war der Arbeitsspeicher voll.'],
  PROCESS_FAILED: ['Sein Prozess ist mit einem Fehler zu Ende gegangen.'],

  // Drawing and comparing
  DRAWING_INTERRUPTED: [
    'Studio ist währenddessen zu Ende gegangen. Was fertig war, liegt in der Galerie; für den Rest bitte noch einmal zeichnen.',
  ],
  PROMPT_MISSING: ['Bitte beschreiben, was gezeichnet werden soll.'],
  PICTURE_NOT_FINITE: ['Es ist kein Bild herausgekommen. Eine kleinere Stärke hilft meist.'],
  MASK_EMPTY: ['Es ist nichts zum Übermalen markiert.'],
  MASK_SIZE: ['Die Maske hat eine andere Größe als das Bild.'],
  NO_INIT_IMAGE: ['Dazu fehlt das Bild, mit dem begonnen wird.'],
  STRENGTH: [
    'So wenig Veränderung lässt keinen Schritt übrig. Mehr Veränderung oder mehr Schritte wählen.',
  ],
  SEED_TOO_LARGE: ['Der Startwert ist zu groß.'],
  AXIS_UNKNOWN: ['Danach lässt sich nicht vergleichen.'],
  AXIS_TWICE: ['Zweimal dasselbe lässt sich nicht vergleichen. Bitte etwas anderes wählen.'],
  AXIS_VALUES: ['Diese Werte gehen hier nicht.'],
  TOO_MANY_CELLS: ['Das wären {count} Bilder, höchstens {most} gehen. Bitte weniger Werte wählen.'],

  // Adapters
  ADAPTER_BASE: ['Dieser Adapter gehört zu einem anderen Modell.'],
  ADAPTER_BASES: ['Diese Adapter gehören zu verschiedenen Modellen. Bitte sagen, welches gilt.'],
  BASE_NEEDED: [
    'In dieser Datei steht nicht, zu welchem Modell sie gehört. Bitte das Modell wählen.',
  ],
  BASE_UNKNOWN: [
    'Zu welchem Modell diese Datei gehört, ließ sich nicht herausfinden. Bitte das Modell wählen.',
  ],
  FORMAT_UNFIT: ['Dieses Format kann diesen Adapter nicht fassen. Als LoRA geht es fast immer.'],
  FORM_UNFIT: ['Diese Form gibt es in diesem Format nicht.'],
  NOTHING_TO_COMBINE: [
    'Alle Stärken sind 0, so dass sich nichts ändert. Bitte mindestens eine andere wählen.',
  ],
  TOKEN_TWICE: ['Zwei Adapter bringen dasselbe neue Wort mit.'],
  NOTHING_CHANGED: ['Beide Modelle sind an diesen Stellen gleich: Es gibt nichts herauszulösen.'],
  MODELS_DIFFER: [
    'Die beiden Modelle sind verschieden gebaut. Bitte das Modell wählen, von dem ausgegangen wurde.',
  ],
  BUDGET_TOO_SMALL: ['So klein gibt es keinen Adapter.'],
  MERGED_NOT_FINITE: ['Die Zahlen werden zu groß. Kleinere Stärken gehen.'],
  PICKLE_UNSAFE: [
    'Diese Datei könnte Programme ausführen und wird nicht gelesen. Als safetensors geht sie.',
  ],

  // Models of the hub
  HUB_OFFLINE: ['Dieses Modell ist nicht auf diesem Rechner, und das Netz ist ausgeschaltet.'],
  HUB_UNREACHABLE: [
    'Das Netz ist nicht erreichbar. Was schon da ist, bleibt; bitte noch einmal versuchen.',
  ],
  HUB_NOT_FOUND: ['Ein Modell dieses Namens gibt es dort nicht.'],
  HUB_GATED: [
    'Dieses Modell gibt es erst nach Zustimmung zu seinen Bedingungen, auf der Seite des Anbieters.',
  ],
  HUB_FORBIDDEN: ['Der Anbieter gibt dieses Modell nicht heraus.'],
  HUB_RATE_LIMITED: [
    'Der Anbieter antwortet gerade nicht mehr; bitte später noch einmal versuchen.',
  ],
  HUB_FAILED: [
    'Der Anbieter hat mit einem Fehler geantwortet; bitte später noch einmal versuchen.',
  ],
  HUB_CHECKSUM: [
    'Eine Datei ist beschädigt angekommen und wurde entfernt; bitte noch einmal versuchen.',
  ],
  WEIGHTS_NOT_FOUND: ['Von diesem Modell fehlen Dateien.'],

  // Experiments
  SWEEP_FILE: ['In der Datei des Experiments stimmt etwas nicht.'],
  SWEEP_IN_USE: [
    '{title} läuft gerade. Warten, bis es fertig ist, oder anhalten.',
    'Es läuft gerade.',
  ],
  SWEEP_NOT_RUNNING: ['Dieses Experiment läuft gerade nicht.'],
};
