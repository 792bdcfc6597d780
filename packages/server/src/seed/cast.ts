/** Who writes in one language, and what about. `{thing}` and `{order}` stand for what a message is of. */
export interface Cast {
  locale: string
  given: readonly string[]
  family: readonly string[]
  /** Whether the family name comes first. */
  isFamilyFirst: boolean
  things: readonly string[]
  asks: readonly string[]
  answers: readonly string[]
  /** What stands between two sentences. */
  space: string
}

const words = (text: string) => text.split(' ')
const lines = (text: string) => text.trim().split(/\n\s*/)

const EN: Cast = {
  locale: 'en',
  given: words('Olivia Amara James Grace Noah Priya Ethan Chloe Kwame Ruby Liam Zoe Daniel Aisha Owen Tess'),
  family: words('Smith Okafor Taylor Patel Brown Walker Mensah Hughes Clarke Singh Murphy Reid Evans Cole'),
  isFamilyFirst: false,
  things: words('lamp chair parcel invoice table blanket vase desk shelf cushion mirror rug'),
  asks: lines(`Hello, where is my {thing}?
    The {thing} of order {order} arrived broken.
    Can I still change the delivery address of {order}?
    I was charged twice for the {thing}.
    Could you send me the invoice for {order}, please?
    Does the {thing} also come in green?
    My discount code does not work on the {thing}.
    I would like to return the {thing} and get a refund.
    How long does delivery take these days?
    I cannot sign in any more, the password reset never arrives.
    Great, that worked!
    Thank you so much for the quick help.
    Any news about {order}? I have been waiting since Monday.
    It still says “in transit”. Is the {thing} lost?`),
  answers: lines(`Thanks for writing! I am looking into {order} right now.
    I am sorry to hear that. We will send a new {thing} today.
    The refund for the {thing} is on its way; it takes two or three days.
    Could you send us a photo of the {thing}?
    I have changed the address of {order}.
    Your parcel left our warehouse this morning.
    You are welcome! Is there anything else?
    Please try again now, I have reset it on our side.`),
  space: ' ',
}

const DE: Cast = {
  locale: 'de',
  given: words('Anna Jürgen Lena Björn Sophie Maximilian Käthe Lukas Greta Emre Johanna Felix'),
  family: words('Müller Schmidt Weiß Größer Yılmaz Hoffmann Köhler Wagner Jäger Vogel Krüger'),
  isFamilyFirst: false,
  things: words('Lampe Stuhl Paket Rechnung Tisch Decke Vase Regal Kissen Spiegel Teppich'),
  asks: lines(`Guten Tag, wo bleibt meine Bestellung {order}?
    Das Produkt ({thing}) kam leider beschädigt an.
    Kann ich die Lieferadresse für {order} noch ändern?
    Mir wurde der Betrag für {order} doppelt abgebucht.
    Könnten Sie mir bitte die Rechnung schicken?
    Gibt es das auch in Grün? Ich meine: {thing}.
    Ich möchte {order} zurückgeben. Wie läuft die Rückerstattung?
    Vielen Dank, das hat geklappt!
    Schöne Grüße und danke für die schnelle Hilfe.`),
  answers: lines(`Danke für Ihre Nachricht! Ich schaue mir {order} gleich an.
    Das tut mir leid. Wir schicken heute Ersatz: {thing}.
    Die Rückerstattung für {order} ist unterwegs.
    Könnten Sie uns ein Foto schicken?
    Gern geschehen! Kann ich sonst noch etwas für Sie tun?`),
  space: ' ',
}

const FR: Cast = {
  locale: 'fr',
  given: words('Chloé Étienne Camille Théo Inès Baptiste Zoé Lucas Amélie Moussa Élodie'),
  family: words('Lefèvre Martin Dubois Moreau Béranger Traoré Girard Roussel Fournier'),
  isFamilyFirst: false,
  things: words('lampe chaise colis facture table couverture étagère coussin miroir'),
  asks: lines(`Bonjour, où en est ma commande {order} ?
    Mon colis est arrivé abîmé, la {thing} est cassée.
    Puis-je encore changer l’adresse de livraison ?
    J’ai été débité deux fois pour {order}.
    Pourriez-vous m’envoyer la facture, s’il vous plaît ?
    Je souhaite être remboursé pour la {thing}.
    Merci beaucoup, c’est réglé !`),
  answers: lines(`Merci pour votre message ! Je vérifie {order} tout de suite.
    Toutes nos excuses. Nous renvoyons la {thing} aujourd’hui.
    Le remboursement de {order} est en cours.
    Avec plaisir ! Autre chose ?`),
  space: ' ',
}

const ES: Cast = {
  locale: 'es',
  given: words('Lucía Martín Sofía Íñigo Valentina Mateo Begoña Santiago Camila Andrés'),
  family: words('García Muñoz Peña Rodríguez Ibáñez Gómez Núñez Castaño Vargas'),
  isFamilyFirst: false,
  things: words('lámpara silla paquete factura mesa manta estantería cojín espejo'),
  asks: lines(`Hola, ¿dónde está mi pedido {order}?
    La {thing} llegó rota.
    ¿Puedo cambiar la dirección de envío?
    Me cobraron dos veces el pedido {order}.
    ¿Me podrían enviar la factura, por favor?
    Quiero devolver la {thing} y recibir el reembolso.
    ¡Muchas gracias por la ayuda!`),
  answers: lines(`¡Gracias por escribirnos! Estoy revisando {order}.
    Lo siento mucho. Hoy enviamos otra {thing}.
    El reembolso de {order} ya está en camino.
    ¡De nada! ¿Algo más?`),
  space: ' ',
}

const PT: Cast = {
  locale: 'pt',
  given: words('João Beatriz Inês Tiago Conceição Rafael Luíza Caetano Débora'),
  family: words('Silva Gonçalves Araújo Simões Magalhães Souza Falcão Brandão'),
  isFamilyFirst: false,
  things: words('luminária cadeira encomenda fatura mesa manta estante almofada espelho'),
  asks: lines(`Olá, onde está o meu pedido {order}?
    A {thing} chegou quebrada, não funciona.
    Ainda posso mudar o endereço de entrega?
    Fui cobrado duas vezes pelo pedido {order}.
    Gostaria de devolver a {thing} e receber o reembolso.
    Muito obrigada pela ajuda!`),
  answers: lines(`Obrigado pela mensagem! Estou verificando {order}.
    Sinto muito. Enviaremos outra {thing} hoje.
    O reembolso de {order} já está a caminho.
    De nada! Mais alguma coisa?`),
  space: ' ',
}

const JA: Cast = {
  locale: 'ja',
  given: words('結衣 陽翔 さくら 蓮 美咲 大輔 葵 健太 愛子'),
  family: words('佐藤 鈴木 高橋 田中 渡辺 伊藤 山本 中村 小林'),
  isFamilyFirst: true,
  things: words('ランプ 椅子 荷物 請求書 テーブル 毛布 棚 クッション 鏡'),
  asks: lines(`注文{order}はいつ届きますか？
    届いた{thing}が壊れていました。
    配送先の住所を変更できますか？
    {order}の代金が二重に請求されています。
    {thing}の返品と返金をお願いします。
    東京への配送は何日かかりますか？
    ありがとうございました！`),
  answers: lines(`お問い合わせありがとうございます。{order}を確認いたします。
    申し訳ございません。本日、新しい{thing}をお送りします。
    返金の手続きをいたしました。
    ほかにお困りのことはございませんか？`),
  space: '',
}

const ZH: Cast = {
  locale: 'zh',
  given: words('伟 芳 娜 秀英 敏 静 丽 强 磊 洋 艳'),
  family: words('王 李 张 刘 陈 杨 赵 黄 周 吴'),
  isFamilyFirst: true,
  things: words('台灯 椅子 包裹 发票 桌子 毯子 书架 靠垫 镜子'),
  asks: lines(`您好，我的订单{order}到哪里了？
    收到的{thing}坏了。
    我还能修改收货地址吗？
    订单{order}被重复扣款了。
    我想申请{thing}的退款。
    请把发票发给我，谢谢。
    非常感谢您的帮助！`),
  answers: lines(`感谢您的来信，我马上查看{order}。
    非常抱歉，今天就给您寄新的{thing}。
    退款已经处理，两三天到账。
    不客气！还有什么可以帮您？`),
  space: '',
}

const AR: Cast = {
  locale: 'ar',
  given: words('محمد فاطمة أحمد مريم يوسف ليلى عمر نور خالد سارة'),
  family: words('حسن العلي إبراهيم منصور الخطيب سليمان النجار عبدالله'),
  isFamilyFirst: false,
  things: words('المصباح الكرسي الطرد الفاتورة الطاولة البطانية الرف المرآة'),
  asks: lines(`مرحبا، أين طلبي رقم {order}؟
    وصل {thing} مكسورا.
    هل يمكنني تغيير عنوان التوصيل؟
    تم خصم المبلغ مرتين للطلب {order}.
    أريد إرجاع {thing} واسترداد المبلغ.
    شكرا جزيلا على المساعدة!`),
  answers: lines(`شكرا لرسالتك، أتحقق من الطلب {order} الآن.
    نعتذر عن ذلك، سنرسل {thing} جديدا اليوم.
    استرداد المبلغ في الطريق.
    على الرحب والسعة! هل من شيء آخر؟`),
  space: ' ',
}

/** The casts with how often each comes. */
export const CASTS: readonly (readonly [cast: Cast, share: number])[] = [
  [EN, 40],
  [DE, 14],
  [FR, 9],
  [ES, 11],
  [PT, 8],
  [JA, 7],
  [ZH, 7],
  [AR, 4],
]

export const TEAM: readonly string[] = ['Sam', 'Noor', 'Ines', 'Kenji', 'Fatou']
