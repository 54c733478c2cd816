"""Addresses of calls and applications."""

from django.urls import path

from .views import blank, cards, public
from .views.agent import board, form, history, ladders, letters, messages, resemblance, screening
from .views.applicant import autosaving, handing_in, papers, renewal, starting, together, writing

app_name = "calls"

FORM = "gestion/appels/<slug:slug>/formulaire"
MESSAGE_TEXT = "gestion/appels/<slug:slug>/messages/<str:text>/<str:language>"
PROGRAMME_TEXT = "gestion/textes/<str:text>/<str:language>"

public_pages = [
    path("appels/", public.Calls.as_view(), name="list"),
    path("appels/carte.png", cards.CallsCard.as_view(), name="list-card"),
    path("appels/<slug:slug>/carte.png", cards.CallCard.as_view(), name="card"),
    path("appels/<slug:slug>/", public.CallPage.as_view(), name="detail"),
    path("appels/<slug:slug>/formulaire.pdf", blank.BlankForm.as_view(), name="blank-form"),
    path("appels/<slug:slug>/questions/", public.Questions.as_view(), name="questions"),
    path("appels/<slug:slug>/reglement/", public.Rules.as_view(), name="rules"),
]

applicant_pages = [
    path("appels/<slug:slug>/candidater/", starting.Apply.as_view(), name="apply"),
    path("candidatures/<uuid:pk>/", handing_in.Hub.as_view(), name="submission"),
    path("candidatures/<uuid:pk>/0/", writing.Describe.as_view(), {"order": 0}, name="describe"),
    path("candidatures/<uuid:pk>/<int:order>/", writing.WriteSection.as_view(), name="section"),
    path("candidatures/<uuid:pk>/champ/", autosaving.Autosave.as_view(), name="autosave"),
    path("candidatures/<uuid:pk>/champ/<int:question>/", autosaving.Autosave.as_view(), name="autosave"),
    path("candidatures/<uuid:pk>/presence/", together.Presence.as_view(), name="presence"),
    path("candidatures/<uuid:pk>/verifier/", handing_in.Check.as_view(), name="check"),
    path("candidatures/<uuid:pk>/deposer/", handing_in.Submit.as_view(), name="submit"),
    path("candidatures/<uuid:pk>/recepisse/", handing_in.Receipt.as_view(), name="receipt"),
    path("candidatures/<uuid:pk>/recepisse.pdf", papers.ReceiptPaper.as_view(), name="receipt-paper"),
    path("candidatures/<uuid:pk>/versions/", handing_in.Versions.as_view(), name="versions"),
    path("candidatures/<uuid:pk>/copie.pdf", papers.ApplicationPaper.as_view(), name="copy"),
    path("candidatures/<uuid:pk>/retirer/", handing_in.Withdraw.as_view(), name="withdraw"),
    path("candidatures/<uuid:pk>/reprendre/", renewal.Renew.as_view(), name="renew"),
    path("candidatures/<uuid:pk>/corriger/", handing_in.Correct.as_view(), name="correct"),
]

agent_pages = [
    path("gestion/appels/", board.Boards.as_view(), name="boards"),
    path("gestion/appels/<slug:slug>/", board.Board.as_view(), name="board"),
    path("gestion/appels/<slug:slug>/annoncer/", board.Announce.as_view(), name="announce"),
    path("gestion/appels/<slug:slug>/clore/", board.CloseEarly.as_view(), name="close-early"),
    path("gestion/appels/<slug:slug>/dates/", board.MoveDeadline.as_view(), name="move-deadline"),
    path("gestion/appels/<slug:slug>/ouvrir-les-plis/", board.OpenSeals.as_view(), name="open-seals"),
    path("gestion/appels/<slug:slug>/archiver/", board.Archive.as_view(), name="archive"),
    path("gestion/appels/<slug:slug>/brouillons/", board.Drafts.as_view(), name="board-drafts"),
    path("gestion/appels/<slug:slug>/rappels/", ladders.Ladders.as_view(), name="ladders"),
    path("gestion/appels/<slug:slug>/candidatures/", screening.Applications.as_view(), name="board-submissions"),
    path("gestion/appels/<slug:slug>/candidatures.csv", screening.Export.as_view(), name="board-export"),
    path("gestion/appels/<slug:slug>/suivante/", screening.Next.as_view(), name="next"),
    path("gestion/appels/<slug:slug>/doublons/", resemblance.Resemblances.as_view(), name="resemblances"),
    path("gestion/appels/<slug:slug>/questions/", screening.Questions.as_view(), name="board-questions"),
    path(f"{FORM}/", form.FormPage.as_view(), name="board-form"),
    path(f"{FORM}/publier/", form.Publish.as_view(), name="publish-form"),
    path(f"{FORM}/<int:question>/", form.ChangeQuestion.as_view(), name="change-question"),
    path(f"{FORM}/<int:question>/retirer/", form.WithdrawQuestion.as_view(), name="withdraw-question"),
    path(f"{FORM}/parties/<int:section>/ajouter/", form.AddQuestion.as_view(), name="add-question"),
    path(f"{FORM}/preparations/<int:edit>/abandonner/", form.DropEdit.as_view(), name="drop-edit"),
    path("gestion/appels/<slug:slug>/messages/", messages.Messages.as_view(), name="messages"),
    path("gestion/appels/<slug:slug>/envois/", letters.Letters.as_view(), name="letters"),
    path("gestion/appels/<slug:slug>/envois/ecrire/", letters.WriteLetter.as_view(), name="write-letter"),
    path("gestion/courriers/<int:pk>/", letters.ShowLetter.as_view(), name="letter"),
    path("gestion/courriers/<int:pk>/modifier/", letters.EditLetter.as_view(), name="edit-letter"),
    path("gestion/courriers/<int:pk>/confirmer/", letters.ConfirmLetter.as_view(), name="confirm-letter"),
    path("gestion/courriers/<int:pk>/reprendre/", letters.ReopenLetter.as_view(), name="reopen-letter"),
    path("gestion/courriers/<int:pk>/annuler/", letters.CancelLetter.as_view(), name="cancel-letter"),
    path("gestion/courriers/<int:pk>/jeter/", letters.DiscardLetter.as_view(), name="discard-letter"),
    path(f"{MESSAGE_TEXT}/", messages.WriteText.as_view(), name="message-text"),
    path(f"{MESSAGE_TEXT}/origine/", messages.RestoreText.as_view(), name="message-text-restore"),
    path("gestion/textes/", messages.ProgrammeMessages.as_view(), name="programme-messages"),
    path(f"{PROGRAMME_TEXT}/", messages.WriteProgrammeText.as_view(), name="programme-message-text"),
    path(f"{PROGRAMME_TEXT}/origine/", messages.RestoreProgrammeText.as_view(), name="programme-message-text-restore"),
    path("gestion/questions/<int:pk>/", screening.AnswerQuestion.as_view(), name="answer"),
    path("gestion/candidatures/<uuid:pk>/", screening.Screen.as_view(), name="screen"),
    path("gestion/candidatures/<uuid:pk>/messages/", history.SubmissionMessages.as_view(), name="submission-messages"),
    path("gestion/candidatures/<uuid:pk>/admettre/", screening.Admit.as_view(), name="admit"),
    path("gestion/candidatures/<uuid:pk>/distinguer/", resemblance.TellApart.as_view(), name="tell-apart"),
    path("gestion/candidatures/<uuid:pk>/refuser/", screening.Refuse.as_view(), name="refuse"),
    path("gestion/candidatures/<uuid:pk>/delai/", screening.Extend.as_view(), name="extend"),
    path("gestion/candidatures/<uuid:pk>/correction/", screening.AskCorrection.as_view(), name="ask-correction"),
]

urlpatterns = [*public_pages, *applicant_pages, *agent_pages]
