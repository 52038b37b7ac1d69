(* Finite sums over integer points, with values in any commutative ring. No axioms, no library but Coq's own.

   A term of the checker is, here, one sum over one list of points: a range is a list of integers, a condition is
   a list with one or no element, sums of sums are pairs, sums of terms are a disjoint union. The law on which
   the proofs rest is `renamed`: a sum over a finite set does not change when its points are renamed. *)
From Coq Require Import ZArith List Lia Ring Permutation Bool ZifyBool.
Import ListNotations.
Open Scope Z_scope.

(* ---------------------------------------------------------------- points *)
Definition range (lo hi : Z) : list Z := map (fun k => lo + Z.of_nat k) (seq 0 (Z.to_nat (hi - lo + 1))).
Definition guard (c : bool) : list unit := if c then [tt] else [].
Definition pairs {A B} (l : list A) (m : A -> list B) : list (A * B) := flat_map (fun x => map (pair x) (m x)) l.
Definition both {A B} (l : list A) (m : list B) : list (A + B) := map inl l ++ map inr m.

Lemma in_range x lo hi : In x (range lo hi) <-> lo <= x <= hi.
Proof.
  unfold range; rewrite in_map_iff; split.
  - intros (k & <- & H); apply in_seq in H; lia.
  - intros H; exists (Z.to_nat (x - lo)); rewrite in_seq; lia.
Qed.
Lemma in_guard x c : In x (guard c) <-> c = true.
Proof. destruct x, c; simpl; intuition congruence. Qed.
Lemma in_pairs {A B} (l : list A) (m : A -> list B) x y : In (x, y) (pairs l m) <-> In x l /\ In y (m x).
Proof.
  unfold pairs; rewrite in_flat_map; split.
  - intros (z & H & H1); apply in_map_iff in H1 as (w & E & H2); injection E as -> ->; auto.
  - intros (H & H1); exists x; split; auto; apply in_map; auto.
Qed.
Lemma in_left {A B} (l : list A) (m : list B) x : In (inl x) (both l m) <-> In x l.
Proof.
  unfold both; rewrite in_app_iff, !in_map_iff; split.
  - intros [(y & E & H) | (y & E & _)]; [injection E as ->; auto | discriminate].
  - intros H; left; exists x; auto.
Qed.
Lemma in_right {A B} (l : list A) (m : list B) x : In (inr x) (both l m) <-> In x m.
Proof.
  unfold both; rewrite in_app_iff, !in_map_iff; split.
  - intros [(y & E & _) | (y & E & H)]; [discriminate | injection E as ->; auto].
  - intros H; right; exists x; auto.
Qed.

Lemma once_map {A B} (f : A -> B) l : (forall x y, f x = f y -> x = y) -> NoDup l -> NoDup (map f l).
Proof.
  intros inj; induction 1; simpl; constructor; auto.
  rewrite in_map_iff; intros (y & E & H1); apply inj in E; congruence.
Qed.
Lemma once_app {A} (l m : list A) : NoDup l -> NoDup m -> (forall x, In x l -> ~ In x m) -> NoDup (l ++ m).
Proof.
  induction 1; simpl; auto; intros Hm D; constructor.
  - rewrite in_app_iff; intros [H1 | H1]; auto. apply (D x); auto.
  - apply IHNoDup; auto.
Qed.
Lemma once_range lo hi : NoDup (range lo hi).
Proof. apply once_map; [lia | apply seq_NoDup]. Qed.
Lemma once_guard c : NoDup (guard c).
Proof. destruct c; simpl; repeat constructor; auto. Qed.
Lemma once_pairs {A B} (l : list A) (m : A -> list B) : NoDup l -> (forall x, NoDup (m x)) -> NoDup (pairs l m).
Proof.
  intros H Hm; induction H as [|x l H H0 IH]; simpl; [constructor|]. apply once_app; auto.
  - apply once_map; auto; congruence.
  - intros (a, b) H1 H2. apply in_map_iff in H1 as (y & E & _); injection E as <- _.
    apply in_flat_map in H2 as (z & H3 & H4); apply in_map_iff in H4 as (? & E & _); injection E as <- _; auto.
Qed.
Lemma once_both {A B} (l : list A) (m : list B) : NoDup l -> NoDup m -> NoDup (both l m).
Proof.
  intros; apply once_app; try (apply once_map; auto; congruence).
  intros x H1 H2; apply in_map_iff in H1 as (? & <- & _); apply in_map_iff in H2 as (? & E & _); discriminate.
Qed.

(* ---------------------------------------------------------------- sums *)
Section Ring.
Context {R : Type} {r0 r1 : R} {add mul sub : R -> R -> R} {opp : R -> R}.
Hypothesis RT : ring_theory r0 r1 add mul sub opp (@eq R).
Add Ring Rring : RT.

Fixpoint sum {A} (l : list A) (f : A -> R) : R := match l with [] => r0 | a :: l => add (f a) (sum l f) end.
Fixpoint positive_number (p : positive) : R :=
  match p with
  | xH => r1
  | xO p => mul (add r1 r1) (positive_number p)
  | xI p => add r1 (mul (add r1 r1) (positive_number p))
  end.
Definition number (n : Z) : R :=
  match n with Z0 => r0 | Zpos p => positive_number p | Zneg p => opp (positive_number p) end.

Lemma sum_same {A} (l : list A) f g : (forall x, In x l -> f x = g x) -> sum l f = sum l g.
Proof. induction l; simpl; intros H; auto. rewrite H, IHl; auto. Qed.
Lemma sum_app {A} (l m : list A) f : sum (l ++ m) f = add (sum l f) (sum m f).
Proof. induction l; simpl; [ring | rewrite IHl; ring]. Qed.
Lemma sum_map {A B} (l : list A) (h : A -> B) f : sum (map h l) f = sum l (fun x => f (h x)).
Proof. induction l; simpl; congruence. Qed.
Lemma sum_mul_r {A} (l : list A) f b : mul (sum l f) b = sum l (fun x => mul (f x) b).
Proof. induction l; simpl; [ring | rewrite <- IHl; ring]. Qed.
Lemma sum_mul_l {A} (l : list A) f b : mul b (sum l f) = sum l (fun x => mul b (f x)).
Proof. induction l; simpl; [ring | rewrite <- IHl; ring]. Qed.

(* a term as one sum *)
Lemma one_point (b : R) : b = sum (guard true) (fun _ => b).
Proof. simpl; ring. Qed.
Lemma one_sum {A B} (l : list A) F (m : A -> list B) f :
  (forall x, F x = sum (m x) (f x)) -> sum l F = sum (pairs l m) (fun p => f (fst p) (snd p)).
Proof. intros H; induction l; simpl; auto. rewrite sum_app, sum_map, <- IHl, H; reflexivity. Qed.
Lemma one_add {A B} (a b : R) (la : list A) (lb : list B) f g : a = sum la f -> b = sum lb g ->
  add a b = sum (both la lb) (fun z => match z with inl x => f x | inr y => g y end).
Proof. intros -> ->; unfold both; rewrite sum_app, !sum_map; reflexivity. Qed.
Lemma one_mul {A B} (a b : R) (la : list A) (lb : list B) f g : a = sum la f -> b = sum lb g ->
  mul a b = sum (pairs la (fun _ => lb)) (fun p => mul (f (fst p)) (g (snd p))).
Proof.
  intros -> ->. rewrite sum_mul_r. apply (one_sum la _ (fun _ => lb) (fun x y => mul (f x) (g y))); intros x.
  apply sum_mul_l.
Qed.

(* one sum as the sum of its items: `item q` is the number of the item to which the point q belongs *)
Fixpoint items {A} (l : list A) (f : A -> R) (item : A -> Z) (ns : list Z) : R :=
  match ns with [] => r0 | n :: ns => add (sum (filter (fun q => item q =? n) l) f) (items l f item ns) end.
Lemma items_cons {A} (a : A) l f item ns : NoDup ns -> In (item a) ns ->
  items (a :: l) f item ns = add (f a) (items l f item ns).
Proof.
  assert (no : forall ns, ~ In (item a) ns -> items (a :: l) f item ns = items l f item ns).
  { clear ns; induction ns as [|n ns IH]; simpl; auto; intros H. destruct (Z.eqb_spec (item a) n); [destruct H; left; congruence|].
    simpl in IH; rewrite IH; tauto. }
  induction 1 as [|n ns Hn Hns IH]; simpl; [tauto|]; intros H. destruct (Z.eqb_spec (item a) n).
  - subst n. change (add (sum (a :: filter (fun q => item q =? item a) l) f) (items (a :: l) f item ns)
      = add (f a) (add (sum (filter (fun q => item q =? item a) l) f) (items l f item ns))).
    rewrite no by auto. simpl; ring.
  - change (add (sum (filter (fun q => item q =? n) l) f) (items (a :: l) f item ns)
      = add (f a) (add (sum (filter (fun q => item q =? n) l) f) (items l f item ns))).
    rewrite IH by (destruct H; congruence). ring.
Qed.
Lemma itemised {A} (l : list A) f item ns : NoDup ns -> (forall q, In q l -> In (item q) ns) ->
  sum l f = items l f item ns.
Proof.
  intros N; induction l; intros H.
  - clear N H; induction ns; simpl in *; [auto | rewrite <- IHns; ring].
  - rewrite items_cons by (auto; apply H; left; auto). simpl. rewrite IHl; auto. intros; apply H; right; auto.
Qed.

(* THE law: swapping sums, other ranges, one point, other indices are all cases of it *)
Lemma renamed {A B} (s : B -> A) (t : A -> B) (la : list A) (lb : list B) f h c : NoDup la -> NoDup lb ->
  (forall a, In a la -> In (t a) lb /\ s (t a) = a /\ f a = mul c (h (t a))) ->
  (forall b, In b lb -> In (s b) la /\ t (s b) = b) -> sum la f = mul c (sum lb h).
Proof.
  intros Na Nb Ha Hb.
  assert (P : Permutation la (map s lb)).
  { apply NoDup_Permutation; auto.
    - assert (inj : forall x y, In x lb -> In y lb -> s x = s y -> x = y).
      { intros x y Hx Hy E. destruct (Hb x Hx) as [_ <-]; destruct (Hb y Hy) as [_ <-]; congruence. }
      clear - Nb inj; induction Nb; simpl; constructor.
      + rewrite in_map_iff; intros (y & E & Hy). assert (y = x) by (apply inj; simpl; auto). congruence.
      + apply IHNb; intros; apply inj; simpl; auto.
    - intros a; rewrite in_map_iff; split.
      + intros H; exists (t a); destruct (Ha a H) as (H1 & H2 & _); auto.
      + intros (b & <- & H); apply Hb; auto. }
  assert (S : forall l m, Permutation l m -> sum l f = sum m f).
  { induction 1; simpl; try congruence. ring. }
  rewrite (S _ _ P), sum_map, sum_mul_l. apply sum_same; intros b H.
  destruct (Hb b H) as (H1 & H2). destruct (Ha _ H1) as (_ & _ & ->). rewrite H2; reflexivity.
Qed.
Lemma empty {A} (l : list A) f : (forall q, In q l -> False) -> sum l f = r0.
Proof. destruct l as [|a l]; auto; intros H; destruct (H a); left; auto. Qed.
Lemma zero {A} (l : list A) f : (forall q, In q l -> f q = r0) -> sum l f = r0.
Proof. induction l; simpl; auto; intros H; rewrite IHl, H; auto; ring. Qed.
End Ring.

(* ---------------------------------------------------------------- tactics *)
Ltac no_repetition := repeat first [apply NoDup_filter | apply once_pairs | apply once_both | apply once_range | apply once_guard | intros ?].
Ltac decided := repeat match goal with
  | H : context [if ?b then _ else _] |- _ => destruct b eqn:?
  | |- context [if ?b then _ else _] => destruct b eqn:?
  end.
(* what is known of a point: its parts, and the conditions on them; points of other items are none *)
Ltac points := repeat match goal with
  | H : In _ (filter _ _) |- _ => apply filter_In in H; destruct H
  | p : _ * _ |- _ => destruct p
  | p : (_ + _)%type |- _ => destruct p
  | u : unit |- _ => destruct u
  | H : In (_, _) (pairs _ _) |- _ => apply in_pairs in H; destruct H
  | H : In (inl _) (both _ _) |- _ => apply in_left in H
  | H : In (inr _) (both _ _) |- _ => apply in_right in H
  | H : In _ (range _ _) |- _ => apply in_range in H
  | H : In _ (guard _) |- _ => apply in_guard in H
  end; cbv beta iota delta [fst snd] in *; try discriminate.
Ltac arithmetic := first [reflexivity | lia | nia].
Ltac member :=
  cbv beta iota delta [fst snd];
  repeat first [rewrite filter_In | rewrite in_pairs | rewrite in_left | rewrite in_right | rewrite in_range | rewrite in_guard];
  cbv beta iota delta [fst snd]; repeat split; decided; arithmetic.
Ltac equal_points := cbv beta iota delta [fst snd]; first [reflexivity | repeat f_equal; arithmetic].
